using System.Buffers.Text;
using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Jose;

public class SignatureCheckFailureTests
{
    private static readonly string Token = TokenOf(64);

    private readonly VerificationKey _key = VerificationKeys.Create("a");

    [Fact]
    public void The_verifier_of_the_application_replaces_that_of_the_platform()
    {
        Assert.False(SignatureChecks.Create().IsReplaced);
        Assert.True(SignatureChecks.Create(new FakeVerifier()).IsReplaced);
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    public void A_signature_of_the_wrong_length_never_reaches_the_verifier(int length)
    {
        var verifier = new FakeVerifier();

        Assert.Equal(default, SignatureChecks.Create(verifier).FindSigner(TokenOf(length), SignatureAlgorithm.ES256, [_key]));
        Assert.Empty(verifier.Questions);
    }

    [Fact]
    public void A_failure_of_the_platform_is_not_blamed_on_the_verifier_of_the_application()
    {
        _key.Release();

        Assert.ThrowsAny<Exception>(() => SignatureChecks.Create().FindSigner(Token, SignatureAlgorithm.ES256, [_key]).IsUnavailable);
    }

    [Fact]
    public void A_verifier_that_throws_is_logged_once_in_ten_seconds()
    {
        var clock = new FakeClock();
        using var log = new RecordedLog();
        using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).AddMetrics().AddSingleton<JwksTelemetry>().BuildServiceProvider();
        var verifier = new FakeVerifier { Judge = _ => throw new TimeoutException() };
        var signatures = new SignatureCheck(services.GetRequiredService<JwksTelemetry>(), clock, verifier);

        for (var number = 0; number < 3; number++)
            Assert.Equal(new SignerLookup(null, IsUnavailable: true), signatures.FindSigner(Token, SignatureAlgorithm.ES256, [_key, _key]));
        Assert.Single(log.Entries);
        Assert.Equal(3, verifier.Questions.Count);
        clock.Advance(TimeSpan.FromSeconds(10));
        signatures.FindSigner(Token, SignatureAlgorithm.ES256, [_key]);

        Assert.Equal(2, log.Entries.Count);
    }

    private static string TokenOf(int signatureLength) => $"e30.e30.{Base64Url.EncodeToString(new byte[signatureLength])}";
}
