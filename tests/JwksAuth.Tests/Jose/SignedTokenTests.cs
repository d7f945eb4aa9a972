using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Jose;

public class SignedTokenTests
{
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "Signature")]
    [InlineData(null, "Unavailable")]
    public async Task The_verifier_of_the_application_accepts_refuses_or_throws(bool? answer, string? fault)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var keys = new KeySet([VerificationKeys.Read(issuer.CurrentKey.ToJwk()).Key!]);
        var verifier = new FakeVerifier { Judge = _ => answer ?? throw new TimeoutException() };
        var token = SignedToken.TryRead(issuer.CreateToken(), new HeaderRules(["at+jwt"], mayLackType: true), out _)!;

        var verdict = await token.VerifyAsync(new StaticKeySource(keys), SignatureChecks.Create(verifier), TimeProvider.System, CancellationToken.None);

        Assert.Equal(fault, verdict.Fault?.ToString());
        Assert.Equal(fault is null, verdict.Signer is not null);
        Assert.Equal(fault == "Unavailable", verdict.RetryAfter is not null);
    }
}
