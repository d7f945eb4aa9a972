using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>JWT access tokens of a real authorization server at an API that knows only its address.</summary>
public sealed class OidcProviderAccessTokenTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    // The cooldown ends because the test advances the API's clock, not by waiting.
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new(TimeProvider.System.GetUtcNow());

    [SkippableTheory]
    [InlineData("urn:api:rs256", "RS256")]
    [InlineData("urn:api:ps256", "PS256")]
    [InlineData("urn:api:es256", "ES256")]
    public async Task A_token_of_the_client_credentials_grant_passes(string resource, string algorithm)
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync(resource);

        var token = await fixture.GetTokenAsync(resource);

        Assert.Equal(algorithm, (string?)CompactJose.Header(token)["alg"]);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [SkippableFact]
    public async Task A_token_for_another_resource_is_refused()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync("urn:api:rs256");

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(await fixture.GetTokenAsync("urn:api:es256")));
    }

    [SkippableTheory]
    [InlineData("urn:api:rs256")]
    [InlineData("urn:api:es256")]
    public async Task The_first_request_with_a_rotated_key_passes_and_costs_one_fetch(string resource)
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync(resource);
        var oldToken = await fixture.GetTokenAsync(resource);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(oldToken));
        var fetches = await fixture.CountAsync("/jwks");

        await fixture.RotateKeyAsync(keepOld: true);
        _clock.Advance(Cooldown);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(await fixture.GetTokenAsync(resource)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(oldToken));
        Assert.Equal(fetches + 1, await fixture.CountAsync("/jwks"));
    }

    [SkippableFact]
    public async Task Tokens_of_a_withdrawn_key_are_refused_after_the_first_token_of_the_new_key()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync("urn:api:rs256");
        var oldToken = await fixture.GetTokenAsync("urn:api:rs256");
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(oldToken));

        await fixture.RotateKeyAsync(keepOld: false);
        _clock.Advance(Cooldown);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(await fixture.GetTokenAsync("urn:api:rs256")));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(oldToken));
    }

    [SkippableFact]
    public async Task Tokens_of_a_withdrawn_key_are_refused_after_an_operator_refreshes()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync("urn:api:rs256");
        var oldToken = await fixture.GetTokenAsync("urn:api:rs256");
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(oldToken));
        await fixture.RotateKeyAsync(keepOld: true);
        await fixture.WithdrawOldKeysAsync();

        var refresh = Assert.Single(await api.Keys.RefreshAsync());

        Assert.Equal(JwksRefreshOutcome.Changed, refresh.Outcome);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(oldToken));
    }

    [SkippableFact]
    public async Task Known_tokens_keep_passing_while_the_server_is_stopped()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync("urn:api:rs256");
        var known = await fixture.GetTokenAsync("urn:api:rs256");
        var unseen = await fixture.GetTokenAsync("urn:api:rs256");
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(known));

        await fixture.StopAsync();
        try
        {
            Assert.Equal(JwksRefreshOutcome.Failed, Assert.Single(await api.Keys.RefreshAsync()).Outcome);
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(known));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(unseen));
        }
        finally
        {
            await fixture.RestartAsync();
        }
    }

    private Task<KestrelApi> StartApiAsync(string resource) => KestrelApi.StartAsync(fixture.Issuer, options =>
    {
        options.Audience = resource;
        options.TimeProvider = _clock;
    });
}
