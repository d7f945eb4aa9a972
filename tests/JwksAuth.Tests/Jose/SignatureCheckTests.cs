using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Jose;

public sealed class SignatureCheckTests : IAsyncLifetime
{
    private string _token = null!;
    private VerificationKey _key = null!;

    public async Task InitializeAsync()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        _token = issuer.CreateToken();
        _key = VerificationKeys.Read(issuer.CurrentKey.ToJwk()).Key!;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void A_check_allocates_no_more_than_the_platform()
    {
        var signatures = SignatureChecks.Create();
        ImmutableArray<VerificationKey> keys = [_key];
        var end = _token.LastIndexOf('.');
        var input = new ArraySegment<byte>(Encoding.ASCII.GetBytes(_token[..end]));
        var signature = new ArraySegment<byte>(Base64Url.DecodeFromChars(_token.AsSpan(end + 1)));

        Assert.Equal(
            LeastAllocation(() => _key.Verify(SignatureAlgorithm.ES256, input, signature)),
            LeastAllocation(() => signatures.FindSigner(_token, SignatureAlgorithm.ES256, keys).Signer == _key));
    }

    [Fact]
    public void A_check_by_the_verifier_of_the_application_allocates_nothing()
    {
        var signatures = SignatureChecks.Create(new LengthVerifier());
        ImmutableArray<VerificationKey> keys = [_key];

        Assert.Equal(0, LeastAllocation(() => signatures.FindSigner(_token, SignatureAlgorithm.ES256, keys).Signer == _key));
    }

    [Fact]
    public void Several_keys_are_tried_in_turn_until_one_verifies()
    {
        var keys = new[] { _key, VerificationKeys.Create("second"), VerificationKeys.Create("third") };
        var verifier = new FakeVerifier { Judge = question => question.Key == keys[1].SecurityKey };

        Assert.Equal(new SignerLookup(keys[1], IsUnavailable: false), SignatureChecks.Create(verifier).FindSigner(_token, SignatureAlgorithm.ES256, [.. keys]));
        Assert.Equal(keys[..2].Select(key => key.SecurityKey), verifier.Questions.Select(question => question.Key));
    }

    // The first calls create the objects that are kept.
    private static long LeastAllocation(Func<bool> check) => Enumerable.Range(0, 20).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(check());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    private sealed class LengthVerifier : IJwksSignatureVerifier
    {
        public bool Verify(SecurityKey key, string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature) => signature.Length == 64;
    }
}
