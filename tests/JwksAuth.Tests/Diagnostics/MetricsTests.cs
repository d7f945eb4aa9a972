using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Diagnostics;

[Collection(ProcessWideListeners.Name)]
public sealed class MetricsTests : IAsyncLifetime
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

    [Fact]
    public async Task Fetches_are_counted_by_outcome_and_reason()
    {
        await using var api = await StartApiAsync();
        await api.Manager.RefreshAsync();
        _issuer.RotateKey();
        await api.Manager.RefreshAsync();
        _issuer.Respond(FakeResponse.Status(500));
        await api.Manager.RefreshAsync();

        Assert.Equal(1, _metrics.Read("jwksauth.fetches", Source, ("jwksauth.outcome", "changed"), ("jwksauth.reason", "start")));
        Assert.Equal(1, _metrics.Read("jwksauth.fetches", Source, ("jwksauth.outcome", "not_modified"), ("jwksauth.reason", "operator")));
        Assert.Equal(1, _metrics.Read("jwksauth.fetches", Source, ("jwksauth.outcome", "changed"), ("jwksauth.reason", "operator")));
        Assert.Equal(1, _metrics.Read(
            "jwksauth.fetches", Source, ("jwksauth.outcome", "failed"), ("jwksauth.reason", "operator"), ("error.type", "status")));
        Assert.All(Points("jwksauth.fetches"), point => Assert.Equal("{fetch}", point.Unit));
    }

    [Fact]
    public async Task The_duration_of_fetches_is_measured()
    {
        await using var api = await StartApiAsync();
        _issuer.Respond(FakeResponse.NotFound);
        await api.Manager.RefreshAsync();

        Assert.Equal(1, _metrics.Read("jwksauth.fetch.duration", Source, ("jwksauth.outcome", "changed")));
        Assert.Equal(1, _metrics.Read("jwksauth.fetch.duration", Source, ("jwksauth.outcome", "failed"), ("error.type", "status")));
        Assert.All(Points("jwksauth.fetch.duration"), point => Assert.Equal("s", point.Unit));
    }

    [Fact]
    public async Task The_age_of_the_keys_grows_until_the_next_good_fetch()
    {
        await using var api = await StartApiAsync();
        Assert.Equal(0, _metrics.Read("jwksauth.key_set.age", Source));

        _issuer.Respond(FakeResponse.Hang);
        _clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(90, _metrics.Read("jwksauth.key_set.age", Source));

        _issuer.Reset();
        await api.Manager.RefreshAsync();
        Assert.Equal(0, _metrics.Read("jwksauth.key_set.age", Source));
        Assert.Equal("s", Assert.Single(Points("jwksauth.key_set.age")).Unit);
    }

    [Fact]
    public async Task The_number_of_keys_is_zero_when_they_are_too_old()
    {
        await using var api = await StartApiAsync(options => options.MaximumAge = TimeSpan.FromMinutes(30));
        _issuer.RotateKey();
        await api.Manager.RefreshAsync();
        Assert.Equal(2, _metrics.Read("jwksauth.key_set.size", Source));
        Assert.Equal("{key}", Assert.Single(Points("jwksauth.key_set.size")).Unit);

        _issuer.Respond(FakeResponse.Status(500));
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, _metrics.Read("jwksauth.key_set.size", Source));
    }

    [Fact]
    public async Task A_stopped_application_reports_no_measurements()
    {
        await using (await StartApiAsync())
            Assert.Single(Points("jwksauth.key_set.size"));

        _metrics.Collect(); // the SDK still delivers the last state of instruments that are gone
        Assert.Empty(_metrics.Collect());
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_are_counted_by_decision()
    {
        await using var api = await StartApiAsync(options => options.UnknownKeyWait = TimeSpan.FromSeconds(3));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(UnknownKeyToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(UnknownKeyToken()));
        _clock.Advance(TimeSpan.FromSeconds(8));
        var timers = _clock.ActiveTimers;
        var held = api.GetStatusAsync(UnknownKeyToken());
        await _clock.WaitForTimersAsync(timers + 1);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await held);

        Assert.Equal(1, _metrics.Read("jwksauth.unknown_keys", Source, ("jwksauth.decision", "fetched")));
        Assert.Equal(1, _metrics.Read("jwksauth.unknown_keys", Source, ("jwksauth.decision", "throttled")));
        Assert.Equal(1, _metrics.Read("jwksauth.unknown_keys", Source, ("jwksauth.decision", "waited")));
        Assert.All(Points("jwksauth.unknown_keys"), point => Assert.Equal("{token}", point.Unit));
    }

    [Fact]
    public async Task Skipped_keys_are_counted_by_reason()
    {
        _issuer.PublishRaw(new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" });
        _issuer.PublishRaw(new JsonObject { ["kty"] = "oct", ["k"] = "BBBB" });
        _issuer.PublishRaw(new JsonObject { ["kty"] = "teapot" });
        await using var api = await StartApiAsync();

        Assert.Equal(2, _metrics.Read("jwksauth.skipped_keys", Source, ("jwksauth.reason", "symmetric")));
        Assert.Equal(1, _metrics.Read("jwksauth.skipped_keys", Source, ("jwksauth.reason", "unsupported_key_type")));
        Assert.All(Points("jwksauth.skipped_keys"), point => Assert.Equal("{key}", point.Unit));
    }

    [Fact]
    public async Task No_tag_contains_text_from_outside()
    {
        _issuer.PublishRaw(new JsonObject { ["kty"] = "outside", ["kid"] = "outside", ["alg"] = "outside" });
        await using var api = await StartApiAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var token in new[] { UnknownKeyToken(), _issuer.CreateToken(token => token.WithIssuer("outside")), "outside" })
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        _issuer.Respond(FakeResponse.Text("outside", "text/outside", 418));
        await api.Manager.RefreshAsync();

        Assert.NotEmpty(_metrics.Collect());
        Assert.DoesNotContain(_metrics.Collect().SelectMany(point => point.Tags), tag => tag.Contains("outside", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Issuers_that_a_resolver_names_share_one_tag()
    {
        var tenants = new[] { _issuer.AddIssuer("a"), _issuer.AddIssuer("b") };
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication().AddJwksBearer();
            services.TrustFakeJwksServer(_issuer);
            services.PostConfigure<JwksBearerOptions>("Bearer", options =>
                options.IssuerResolver = (issuer, _) => new(new JwksIssuer { Authority = issuer }));
        });
        foreach (var tenant in tenants)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(tenant.CreateToken()));

        Assert.Equal(2, _metrics.Read("jwksauth.key_set.size", ("jwksauth.source", JwksTagNames.ResolvedSource)));
        Assert.Equal(2, _metrics.Read("jwksauth.fetches", ("jwksauth.source", "resolved"), ("jwksauth.outcome", "changed"), ("jwksauth.reason", "token")));
    }

    [SkippableFact]
    public async Task Token_cache_lookups_are_counted_by_hit_and_miss()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var api = await StartApiAsync();
        var token = _issuer.CreateToken();
        for (var count = 0; count < 4; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        // The first of the four marks the token and the second caches it; one token was sent at the start.
        Assert.Equal(3, _metrics.Read("jwksauth.token_cache.requests", ("jwksauth.scheme", "Bearer"), ("jwksauth.outcome", "miss")));
        Assert.Equal(2, _metrics.Read("jwksauth.token_cache.requests", ("jwksauth.scheme", "Bearer"), ("jwksauth.outcome", "hit")));
        Assert.All(Points("jwksauth.token_cache.requests"), point => Assert.Equal("{token}", point.Unit));
    }

    [Fact]
    public async Task The_keys_that_were_tried_are_counted_by_the_kind_that_verified()
    {
        var shared = _issuer.CurrentKey.KeyId!;
        _issuer.RotateKey(alg: "ES256", kid: shared);
        _issuer.RotateKey(alg: "RS256", kid: shared);
        await using var api = await StartApiAsync();
        foreach (var key in _issuer.PublishedKeys)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(key))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(_issuer.CurrentKey).WithWrongSignature())));

        Assert.Equal(2, Checks("ES256", "verified"));
        Assert.Equal(1, Checks("ES256", "failed")); // the other key of the same kid was tried first
        Assert.Equal(2, Checks("RS256", "verified")); // one token was sent at the start
        Assert.Equal(1, Checks("RS256", "failed"));
        Assert.All(Points("jwksauth.signature_checks"), point => Assert.Equal("{check}", point.Unit));

        double Checks(string algorithm, string outcome) =>
            _metrics.Read("jwksauth.signature_checks", ("jwksauth.scheme", "Bearer"), ("jwksauth.algorithm", algorithm), ("jwksauth.outcome", outcome));
    }

    private (string, string) Source => ("jwksauth.source", _issuer.Issuer);

    private IReadOnlyList<MeasuredPoint> Points(string instrument) => [.. _metrics.Collect().Where(point => point.Instrument == instrument)];

    private string UnknownKeyToken() => _issuer.CreateToken(token => token.WithKeyId("outside"));

    private async Task<TestApi> StartApiAsync(Action<JwksBearerOptions>? configure = null)
    {
        var api = await TestApi.StartAsync(_issuer, configure);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        return api;
    }
}
