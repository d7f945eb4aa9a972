using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Diagnostics;

/// <summary>Every failure of a fetch or a key is counted under its own name.</summary>
[Collection(ProcessWideListeners.Name)]
public sealed class FailureMetricsTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly MeasuredMetrics _metrics = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync()
    {
        _metrics.Dispose();
        await _issuer.DisposeAsync();
    }

    public static TheoryData<string> Faults => FetchFaults.Names;

    public static TheoryData<string> SkippedReasons =>
        [.. Enum.GetNames<SkippedKeyReason>().Where(name => name != nameof(SkippedKeyReason.CertificateChain))];

    [Fact]
    public async Task Refused_tokens_are_counted_by_scheme_and_reason()
    {
        await using var api = await TestApi.StartAsync(_issuer);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithAudience("other"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithoutClaim("aud"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync("junk"));
        Assert.False((await api.Validator().ValidateAsync("junk")).IsValid);

        foreach (var (reason, count) in new[] { ("audience", 1), ("no_audience", 1), ("malformed", 2) })
            Assert.Equal(count, _metrics.Read("jwksauth.refused_tokens", ("jwksauth.scheme", "Bearer"), ("jwksauth.reason", reason)));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_failed_fetch_is_counted_by_its_error_and_keeps_the_keys(string name)
    {
        await using var api = await TestApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        var failure = FetchFaults.Arrange(_issuer, name);

        var refresh = api.Manager.RefreshAsync();
        if (failure == FetchFailure.Timeout)
        {
            await _issuer.WaitForJwksRequestsAsync(2);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(JwksRefreshOutcome.Failed, Assert.Single(await refresh).Outcome);
        Assert.Equal(1, _metrics.Read(
            "jwksauth.fetches", Source, ("jwksauth.outcome", "failed"), ("jwksauth.reason", "operator"), ("error.type", failure.ToWord())));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [Theory]
    [MemberData(nameof(SkippedReasons))]
    public async Task A_skipped_key_is_counted_by_its_reason(string name)
    {
        var reason = Enum.Parse<SkippedKeyReason>(name);
        _issuer.PublishRaw(KeySkippedFor(reason));
        await using var api = await TestApi.StartAsync(_issuer);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        Assert.Equal(1, _metrics.Read("jwksauth.skipped_keys", Source, ("jwksauth.reason", reason.ToWord())));
    }

    private (string, string) Source => ("jwksauth.source", _issuer.Issuer);

    private static JsonObject KeySkippedFor(SkippedKeyReason reason)
    {
        var jwk = reason == SkippedKeyReason.KeySize ? FakeSigningKey.Create("RS256", "odd", rsaKeySize: 1024).ToJwk() : FakeSigningKey.Create("ES256", "odd").ToJwk();
        (string Member, JsonNode Value)? odd = reason switch
        {
            SkippedKeyReason.KeySize => null,
            SkippedKeyReason.Malformed => ("x", "AAAA"),
            SkippedKeyReason.UnsupportedKeyType => ("kty", "OKP"),
            SkippedKeyReason.UnsupportedCurve => ("crv", "secp256k1"),
            SkippedKeyReason.UnsupportedAlgorithm => ("alg", "ES512"),
            SkippedKeyReason.Symmetric => ("kty", "oct"),
            SkippedKeyReason.PrivateMaterial => ("d", "AAAA"),
            SkippedKeyReason.NotForSignature => ("use", "enc"),
            SkippedKeyReason.CertificateMismatch => ("x5c", new JsonArray(Convert.ToBase64String(OwnKeys.TestKeys.Certify(OwnKeys.TestKeys.Ec).RawData))),
            _ => throw new ArgumentOutOfRangeException(nameof(reason)),
        };
        if (odd is var (member, value))
            jwk[member] = value;
        return jwk;
    }
}
