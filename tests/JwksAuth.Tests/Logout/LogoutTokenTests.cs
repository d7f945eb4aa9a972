using System.Text.Json.Nodes;
using JwksAuth.Replay;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Logout;

/// <summary>OpenID Connect Back-Channel Logout 1.0 section 2.6: the content of a logout token.</summary>
public sealed class LogoutTokenTests : IAsyncLifetime
{
    private LogoutApi _api = null!;

    public static TheoryData<string, Action<FakeToken>> Refused => new()
    {
        { "The token is of a type that is not accepted", token => token.WithType("JWT") },
        { "The token is of a type that is not accepted", token => token.WithType(null) },
        { "The token is of a type that is not accepted", token => token.WithType("at+jwt") },
        { "The issuer of the token is not trusted", token => token.WithIssuer("https://other.test") },
        { "The token is meant for another audience", token => token.WithAudience("other") },
        { "The token has no aud claim", token => token.WithoutClaim("aud") },
        { "The token has no iat claim", token => token.WithoutClaim("iat") },
        { "The token has no exp claim", token => token.WithoutClaim("exp") },
        { "The token has expired", token => token.Expired() },
        { "The token is not valid yet", token => token.WithClaim("iat", 99999999999) },
        { "The token is signed with an algorithm that is not accepted", token => token.SignedWithPublicKey() },
        { "The token is not a well-formed signed JWT", token => token.WithAlgorithmNone() },
        { "The signature of the token is invalid", token => token.WithWrongSignature() },
        { "The signature key of the token was not found", token => token.WithUnknownKeyId() },
        { "The logout token has a nonce, which only ID tokens may have", token => token.WithClaim("nonce", "n") },
        { "The logout token has a nonce, which only ID tokens may have", token => token.WithClaim("nonce", 0) },
        { "The logout token does not contain the logout event", token => token.WithoutClaim("events") },
        { "The logout token does not contain the logout event", token => token.WithClaim("events", LogoutApi.Event) },
        { "The logout token does not contain the logout event", token => token.WithClaim("events", new JsonArray(LogoutApi.Event)) },
        { "The logout token does not contain the logout event", token => token.WithClaim("events", new JsonObject()) },
        { "The logout token does not contain the logout event", token => token.WithClaim("events", new JsonObject { [LogoutApi.Event] = true }) },
        { "The logout token does not contain the logout event", token => token.WithClaim("events", new JsonObject { [LogoutApi.Event + "/"] = new JsonObject() }) },
        { "The logout token has no usable jti", token => token.WithoutClaim("jti") },
        { "The logout token has no usable jti", token => token.WithClaim("jti", "") },
        { "The logout token has no usable jti", token => token.WithClaim("jti", new string('x', 1025)) },
        { "The logout token names neither a user nor a session", token => token.WithoutClaim("sub").WithoutClaim("sid") },
        { "The logout token names neither a user nor a session", token => token.WithClaim("sub", "").WithClaim("sid", null) },
        { "The logout token names neither a user nor a session", token => token.WithClaim("sub", null).WithClaim("sid", new JsonArray()) },
        { "The logout token has no usable jti", token => token.WithClaim("jti", null) },
        { "The logout token does not contain the logout event", token => token.WithClaim("events", null) },
        { "The logout token does not contain the logout event", token => token.WithClaim("events", new JsonObject { [LogoutApi.Event] = null }) },
        { "The logout token is malformed", token => token.WithClaim("sid", 1) },
        { "The logout token is malformed", token => token.WithClaim("sid", new JsonArray("session-1")) },
        { "The logout token is malformed", token => token.WithClaim("sid", new string('x', 1025)) },
    };

    public async Task InitializeAsync() => _api = await LogoutApi.StartAsync();

    public Task DisposeAsync() => _api.DisposeAsync().AsTask();

    [Fact]
    public async Task A_good_token_reaches_the_application()
    {
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken()));

        var logout = Assert.Single(_api.Logouts);
        Assert.Equal((_api.Provider.Issuer, "alice", "session-1"), (logout.Issuer, logout.Subject, logout.SessionId));
    }

    [Fact]
    public async Task Further_events_and_the_content_of_an_event_are_ignored()
    {
        var events = new JsonObject { [LogoutApi.Event] = new JsonObject { ["reason"] = "admin" }, ["https://example.com/event"] = true };

        Assert.Equal("200", await _api.SendAsync(_api.CreateToken(token => token.WithClaim("events", events).WithClaim("https://example.com/trace", "1"))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_used_token_does_not_pass_again_after_the_clock_was_set_back(bool isForgottenMeanwhile)
    {
        var token = _api.CreateToken();
        Assert.Equal("200", await _api.SendAsync(token));
        _api.Clock.Advance(TimeSpan.FromSeconds(181));
        if (isForgottenMeanwhile)
            Assert.Equal("200", await _api.SendAsync(_api.CreateToken()));

        _api.Clock.ShiftWallClock(TimeSpan.FromSeconds(-120));
        Assert.Equal("400 The logout token was used before", await _api.SendAsync(token));
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken()));
    }

    [Fact]
    public async Task A_provider_that_has_used_up_its_share_is_answered_with_503()
    {
        await using var api = await LogoutApi.StartAsync(configureServices: services => services.AddSingleton<IJwksReplayCache>(provider =>
            new MemoryReplayCache(provider.GetRequiredService<TimeProvider>(), capacity: 5)));
        Assert.Equal("200", await api.SendAsync(api.CreateToken()));

        Assert.Equal("503 10", await api.SendAsync(api.CreateToken()));
        Assert.Equal("503 10", await api.SendAsync(api.CreateToken()));
        Assert.Contains(api.Provider.Issuer.Replace("+", "\\u002B", StringComparison.Ordinal)[..10], Assert.Single(api.Log.Errors), StringComparison.Ordinal);
        Assert.Single(api.Logouts);
    }

    [Fact]
    public async Task A_failing_replay_cache_is_answered_with_503()
    {
        await using var api = await LogoutApi.StartAsync(configureServices: services => services.AddSingleton<IJwksReplayCache, BrokenReplayCache>());

        Assert.Equal("503 10", await api.SendAsync(api.CreateToken()));
        Assert.Equal("ReplayCacheFailed", Assert.Single(api.Log.Entries, entry => entry.Level == LogLevel.Error).Id.Name);
        Assert.Empty(api.Logouts);
    }

    [Fact]
    public async Task A_hundred_thousand_uses_by_clients_and_other_providers_displace_no_logout()
    {
        var guard = _api.Services.GetRequiredService<ReplayGuard>();
        foreach (var kind in Enum.GetValues<JwksReplayKind>())
        {
            for (var number = 0; number < 100_000; number++)
                await guard.UseAsync(kind, "greedy", $"{number}", TimeSpan.FromMinutes(1), CancellationToken.None);
        }

        Assert.Equal("200", await _api.SendAsync(_api.CreateToken()));
    }

    [Fact]
    public async Task A_token_names_a_user_or_a_session()
    {
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken(token => token.WithoutClaim("sub"))));
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken(token => token.WithoutClaim("sid").WithType("application/logout+jwt"))));

        Assert.Equal([(null, "session-1"), ("alice", null)], _api.Logouts.Select(logout => (logout.Subject, logout.SessionId)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public async Task An_empty_claim_counts_as_absent(string value)
    {
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken(token => token.WithClaim("sid", JsonNode.Parse(value)))));
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken(token => token.WithClaim("nonce", JsonNode.Parse(value)))));
        Assert.Equal([("alice", null), ("alice", "session-1")], _api.Logouts.Select(logout => (logout.Subject, logout.SessionId)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_bad_token_is_refused_with_its_reason(string reason, Action<FakeToken> change)
    {
        Assert.Equal($"400 {reason}", await _api.SendAsync(_api.CreateToken(change)));
        Assert.Empty(_api.Logouts);
    }

    [Fact]
    public async Task A_token_can_be_used_once_even_by_fifty_concurrent_requests()
    {
        var token = _api.CreateToken();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _api.SendAsync(token))));

        Assert.Single(answers, "200");
        Assert.Equal(49, answers.Count(answer => answer == "400 The logout token was used before"));
        Assert.Single(_api.Logouts);
    }

    [Fact]
    public async Task A_used_token_is_stored_until_it_expires()
    {
        var token = _api.CreateToken();
        Assert.Equal("200", await _api.SendAsync(token));

        _api.Clock.Advance(TimeSpan.FromSeconds(179));
        Assert.Equal("400 The logout token was used before", await _api.SendAsync(token));
        _api.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("400 The token has expired", await _api.SendAsync(token));
    }

    [Fact]
    public async Task Damaged_tokens_end_no_session()
    {
        var token = _api.CreateToken();
        var mutator = new Mutator(seed: 26);
        for (var count = 0; count < 1000; count++)
            Assert.StartsWith("400 ", await _api.SendAsync(Uri.EscapeDataString(mutator.Mutate(token))), StringComparison.Ordinal);

        Assert.Empty(_api.Logouts);
        Assert.Empty(_api.Log.Errors);
    }

    [Fact]
    public async Task An_expired_token_is_refused_even_if_options_would_accept_it()
    {
        await using var api = await LogoutApi.StartAsync(options => options.TokenValidationParameters.ValidateLifetime = false);

        Assert.Equal("400 The token has expired", await api.SendAsync(api.CreateToken(token => token.Expired())));
        Assert.Equal("200", await api.SendAsync(api.CreateToken()));
    }

    [Fact]
    public async Task Other_types_can_be_accepted_by_option()
    {
        await using var api = await LogoutApi.StartAsync(options => options.ValidTypes = ["JWT"]);

        Assert.Equal("200", await api.SendAsync(api.CreateToken(token => token.WithType("JWT"))));
        Assert.StartsWith("400 ", await api.SendAsync(api.CreateToken()), StringComparison.Ordinal);
    }

    private sealed class BrokenReplayCache : IJwksReplayCache
    {
        public ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken) => throw new TimeoutException("The store does not answer.");
    }
}
