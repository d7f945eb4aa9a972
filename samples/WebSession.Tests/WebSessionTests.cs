using System.Net;
using JwksAuth.IntegrationTests.AuthorizationServer;

namespace WebSession.Tests;

/// <summary>People with sessions and systems with tokens use one application, against a real authorization server.</summary>
public sealed class WebSessionTests(OidcProviderFixture provider) : IClassFixture<OidcProviderFixture>, IAsyncLifetime
{
    private const string Resource = "urn:api:es256";

    private readonly WebSessionFactory _app = new(provider, "web-session");
    private readonly Browser _browser = new();

    private string Address => _app.Address;

    public Task InitializeAsync() => provider.UnavailableReason is null ? _app.StartAsync() : Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_user_signs_in_and_has_a_session()
    {
        provider.SkipWhenUnavailable();

        Assert.Contains("Signed in.", await _browser.GoToAsync(Address + "/"), StringComparison.Ordinal);

        Assert.Equal(Address + "/", _browser.Location.AbsoluteUri);
        Assert.Equal("""{"customer":"alice"}""", await _browser.GoToAsync(Address + "/me"));
        Assert.Contains("__Host-session", _browser.CookieNames(Address), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_session_is_refused_by_every_endpoint_of_the_API()
    {
        provider.SkipWhenUnavailable();
        await _browser.GoToAsync(Address + "/");

        Assert.Equal("401 Bearer scope=\"read\"", await AskAsync("/api/orders"));
    }

    [SkippableFact]
    public async Task A_token_is_accepted_by_the_API_and_refused_by_every_page()
    {
        provider.SkipWhenUnavailable();
        var token = await provider.GetTokenAsync(Resource);

        Assert.Equal("200 {\"customer\":\"caller\"}", await AskAsync("/api/orders", token));
        Assert.StartsWith($"302 {provider.Issuer}/auth?", await AskAsync("/me", token), StringComparison.Ordinal);
        Assert.StartsWith($"302 {provider.Issuer}/auth?", await AskAsync("/", token), StringComparison.Ordinal);
        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"read\"", await AskAsync("/api/orders", await provider.GetTokenAsync(Resource, scope: "write")));
    }

    [SkippableFact]
    public async Task A_session_and_a_token_in_one_request_are_kept_apart()
    {
        provider.SkipWhenUnavailable();
        await _browser.GoToAsync(Address + "/");
        var token = await provider.GetTokenAsync(Resource);

        Assert.Equal("200 {\"customer\":\"caller\"}", await AskAsync("/api/orders", token));
        Assert.Equal("200 {\"customer\":\"alice\"}", await AskAsync("/me", token));
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await AskAsync("/api/orders", token + "x"), StringComparison.Ordinal);
        Assert.Equal("200 {\"customer\":\"alice\"}", await AskAsync("/me", token + "x"));
    }

    [SkippableFact]
    public async Task Each_kind_of_token_is_accepted_only_for_its_purpose()
    {
        provider.SkipWhenUnavailable();
        var tokens = await provider.SignInAsync(Resource);

        Assert.Equal("200 {\"customer\":\"alice\"}", await AskAsync("/api/orders", tokens.AccessToken));
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await AskAsync("/api/orders", tokens.IdToken), StringComparison.Ordinal);
        Assert.Contains("invalid_request", await _browser.PostAsync(Address + "/backchannel-logout", new() { ["logout_token"] = tokens.IdToken }), StringComparison.Ordinal);
        Assert.Contains("invalid_request", await _browser.PostAsync(Address + "/backchannel-logout", new() { ["logout_token"] = tokens.AccessToken }), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Signing_out_ends_the_session_here_and_at_the_provider()
    {
        provider.SkipWhenUnavailable();
        await _browser.GoToAsync(Address + "/");

        var page = await _browser.PostAsync(Address + "/logout");
        Assert.StartsWith($"302 {provider.Issuer}/auth?", await AskAsync("/me"), StringComparison.Ordinal);

        Assert.Equal("Signed out.", await _browser.ConfirmLogoutAsync(page));
        Assert.Equal(Address + "/signed-out", _browser.Location.AbsoluteUri);
    }

    [SkippableFact]
    public async Task A_logout_at_the_provider_ends_this_session_and_no_other()
    {
        provider.SkipWhenUnavailable();
        using var other = new Browser();
        await _browser.GoToAsync(Address + "/");
        await other.GoToAsync(Address + "/");

        await _browser.ConfirmLogoutAsync(await _browser.GoToAsync($"{provider.Issuer}/session/end"));

        Assert.StartsWith($"302 {provider.Issuer}/auth?", await AskAsync("/me"), StringComparison.Ordinal);
        Assert.Equal("""{"customer":"alice"}""", await other.GoToAsync(Address + "/me"));
    }

    [SkippableFact]
    public async Task An_unsolicited_response_signs_nobody_in()
    {
        provider.SkipWhenUnavailable();

        Assert.StartsWith("You were not signed in.", await _browser.GoToAsync($"{Address}/signin?code=stolen&state=made-up"), StringComparison.Ordinal);
        Assert.StartsWith("302 ", await AskAsync("/me"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_id_token_that_is_not_for_this_client_signs_nobody_in()
    {
        provider.SkipWhenUnavailable();
        await using var app = new WebSessionFactory(provider, "web-session-2") { IdTokenAudience = "another" };
        await app.StartAsync();

        Assert.StartsWith("You were not signed in.", await _browser.GoToAsync(app.Address + "/"), StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-session", _browser.CookieNames(app.Address), StringComparison.Ordinal);
    }

    /// <summary>The status, followed by the challenge, the redirect address, or the body.</summary>
    private async Task<string> AskAsync(string path, string? token = null)
    {
        using var response = await _browser.SendAsync(Address + path, token);
        var detail = response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsStringAsync()
            : response.Headers.Location?.AbsoluteUri ?? response.Headers.WwwAuthenticate.ToString();
        return $"{(int)response.StatusCode} {detail}";
    }
}
