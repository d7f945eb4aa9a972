using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Bearer.Issuers;

/// <summary>Several issuers in one scheme: listed ones, and tenants that a resolver finds.</summary>
public sealed class SeveralIssuersTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;
    private FakeIssuer _first = null!;
    private FakeIssuer _second = null!;

    public async Task InitializeAsync()
    {
        _server = await TestIssuer.StartAsync(_clock);
        _first = _server.AddIssuer("first");
        _second = _server.AddIssuer("second");
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Each_listed_issuer_passes_and_another_is_refused_without_a_fetch()
    {
        await using var api = await StartListAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The issuer of the token is not trusted\"", await api.GetChallengeAsync(_server.CreateToken()));
        Assert.Equal(0, _server.JwksRequestCount);
    }

    [Fact]
    public async Task A_key_of_one_issuer_never_verifies_a_token_of_another()
    {
        await using var api = await StartListAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));

        var forged = _second.CreateToken(token => token.SignedBy(_first.CurrentKey));
        var forgedWithFamiliarKeyId = _second.CreateToken(token => token.SignedBy(_first.CurrentKey).WithKeyId(_second.CurrentKey.KeyId));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(forged));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(forgedWithFamiliarKeyId));
    }

    [Fact]
    public async Task The_outage_of_one_issuer_does_not_affect_the_other()
    {
        _first.Respond(FakeResponse.Status(500));
        await using var api = await StartListAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
    }

    [Fact]
    public async Task A_flood_of_tokens_of_one_issuer_does_not_start_the_cooldown_of_the_other()
    {
        await using var api = await StartListAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        _clock.Advance(TimeSpan.FromSeconds(10));

        for (var count = 0; count < 100; count++)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_first.CreateToken(token => token.WithUnknownKeyId())));
        _second.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Assert.Equal(2, _first.JwksRequestCount);
        Assert.Equal(2, _second.JwksRequestCount);
    }

    [Fact]
    public async Task Each_listed_issuer_may_have_its_own_audiences()
    {
        await using var api = await StartAsync(options =>
        {
            options.Issuers.Add(new JwksIssuer { Authority = _first.Issuer, Audiences = { "first-only" } });
            options.Issuers.Add(new JwksIssuer { Authority = _second.Issuer });
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken(token => token.WithAudience("first-only"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_second.CreateToken(token => token.WithAudience("first-only"))));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
    }

    [Fact]
    public async Task A_tenant_that_the_resolver_knows_passes_and_costs_one_fetch()
    {
        await using var api = await StartResolverAsync(issuer => new JwksIssuer { Issuer = issuer, JwksUri = issuer + "/jwks" });

        for (var count = 0; count < 10; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));

        Assert.Equal(1, _first.JwksRequestCount);
    }

    [Fact]
    public async Task A_tenant_that_the_resolver_does_not_know_is_refused_without_a_fetch()
    {
        await using var api = await StartResolverAsync(_ => null);

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The issuer of the token is not trusted\"", await api.GetChallengeAsync(_first.CreateToken()));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_resolver_that_fails_is_answered_with_503()
    {
        await using var api = await StartResolverAsync(_ => throw new TimeoutException("the directory of tenants is down"));

        using var response = await api.SendAsync(_first.CreateToken());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_resolver_that_returns_another_issuer_is_refused()
    {
        await using var api = await StartResolverAsync(_ => new JwksIssuer { Issuer = _first.Issuer, JwksUri = _first.JwksUri });

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_second.CreateToken(token => token.SignedBy(_first.CurrentKey))));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
    }

    [Fact]
    public async Task Metadata_that_names_another_issuer_than_the_token_is_refused()
    {
        await using var api = await StartResolverAsync(_ => new JwksIssuer { Authority = _first.Issuer });

        // Before the metadata is known, and after.
        for (var count = 0; count < 2; count++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_second.CreateToken(token => token.SignedBy(_first.CurrentKey))));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
        }
    }

    [Fact]
    public async Task A_resolved_issuer_without_keys_is_answered_with_503()
    {
        await using var api = await StartResolverAsync(issuer => new JwksIssuer { Issuer = issuer });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken()));
    }

    private Task<TestApi> StartListAsync() => StartAsync(options =>
    {
        options.Issuers.Add(new JwksIssuer { Authority = _first.Issuer });
        options.Issuers.Add(new JwksIssuer { Authority = _second.Issuer });
    });

    private Task<TestApi> StartResolverAsync(Func<string, JwksIssuer?> resolve) =>
        StartAsync(options => options.IssuerResolver = (issuer, _) => ValueTask.FromResult(resolve(issuer)));

    private Task<TestApi> StartAsync(Action<JwksBearerOptions> configure) => TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
    {
        options.Audience = _server.Audience;
        options.BackchannelHttpHandler = _server.CreateHandler();
        options.TimeProvider = _clock;
        configure(options);
    }));
}
