using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.StockApplication;

/// <summary>The application's own tests. They run with the scheme that it was written for, and with one word changed.</summary>
public abstract class LibraryApplicationTests : IAsyncLifetime
{
    private WebApplication _application = null!;
    private HttpClient _client = null!;

    protected FakeJwksServer Issuer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Audience = LibraryApplication.Audience, Algorithm = "ES256" });
        _application = await StartApplicationAsync();
        _client = _application.GetTestClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    [Fact]
    public async Task An_open_endpoint_needs_no_token() => Assert.Equal("200 all books", await GetAsync("/books", token: null));

    [Fact]
    public async Task A_reader_is_known_by_the_mapped_subject_and_the_chosen_name()
    {
        var token = Issuer.CreateToken(token => token.WithSubject("alice").WithClaim("nickname", "Al"));

        Assert.Equal("200 books of alice, alias Al", await GetAsync("/books/mine", token));
    }

    [Fact]
    public async Task A_claim_added_by_an_event_satisfies_a_policy() =>
        Assert.Equal("200 new books", await GetAsync("/books/new", Issuer.CreateToken()));

    [Fact]
    public async Task A_mapped_role_satisfies_a_policy_and_the_application_answers_callers_without_it()
    {
        var librarian = Issuer.CreateToken(token => token.WithClaim("role", "librarian"));

        Assert.Equal("200 lent books", await GetAsync("/books/lent", librarian));
        using var refused = await SendAsync("/books/lent", Issuer.CreateToken());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("Ask a librarian.", (await refused.Content.ReadFromJsonAsync<ProblemDetails>())!.Title);
    }

    [Fact]
    public async Task The_token_is_saved()
    {
        var token = Issuer.CreateToken();

        Assert.Equal($"200 {token}", await GetAsync("/token", token));
    }

    [Fact]
    public async Task Only_the_hub_reads_a_token_from_the_query_string()
    {
        var token = Issuer.CreateToken(token => token.WithSubject("alice"));

        Assert.Equal("200 news for alice", await GetAsync($"/hub/news?access_token={token}", token: null));
        using var refused = await SendAsync($"/books/mine?access_token={token}", token: null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_application_answers_a_missing_token()
    {
        using var response = await SendAsync("/books/mine", token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Sign in first.", (await response.Content.ReadFromJsonAsync<ProblemDetails>())!.Title);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task An_expired_token_is_named_in_a_header_of_the_application()
    {
        using var response = await SendAsync("/books/mine", Issuer.CreateToken(token => token.Expired()));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Token-Expired")));
        await AssertSignInAgainAsync(response);
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task The_application_answers_an_invalid_token(string reason, Action<FakeToken> makeBad)
    {
        Assert.NotEmpty(reason);
        using var response = await SendAsync("/books/mine", Issuer.CreateToken(makeBad));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Token-Expired"));
        await AssertSignInAgainAsync(response);
    }

    [Fact]
    public async Task An_event_may_refuse_a_valid_token()
    {
        using var response = await SendAsync("/books/mine", Issuer.CreateToken(token => token.WithClaim("status", "banned")));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await AssertSignInAgainAsync(response);
    }

    [Fact]
    public async Task A_second_scheme_has_events_from_the_container_and_unmapped_claims()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/partner");
        request.Headers.Add("X-Partner-Token", Issuer.CreateToken(token => token.WithSubject("press")));

        using var response = await _client.SendAsync(request);

        Assert.StartsWith("press seen by ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_that_the_application_does_not_change_names_the_error()
    {
        using var response = await SendAsync($"/hub/news?access_token={Issuer.CreateToken(token => token.WithAudience("other"))}", token: null);

        var challenge = Assert.Single(response.Headers.WwwAuthenticate);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", challenge.Scheme);
        Assert.StartsWith($"error=\"invalid_token\", error_description=\"{OtherAudience}", challenge.Parameter, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<FakeToken>> BadTokens() => new()
    {
        { "audience", token => token.WithAudience("other") },
        { "issuer", token => token.WithIssuer("https://other.test") },
        { "signature", token => token.WithWrongSignature() },
        { "unknown key", token => token.SignedBy(FakeSigningKey.Create("ES256")) },
        { "not yet valid", token => token.WithNotBefore(TimeProvider.System.GetUtcNow().AddHours(1)) },
        { "algorithm none", token => token.WithAlgorithmNone() },
        { "not JSON", token => token.WithRawPayload("{") },
    };

    /// <summary>How the scheme describes a token for another audience.</summary>
    protected abstract string OtherAudience { get; }

    protected abstract void AddBearer(AuthenticationBuilder builder, string scheme, Action<JwtBearerOptions> configure);

    protected Task<WebApplication> StartApplicationAsync() => LibraryApplication.StartAsync(
        AddBearer, services => services.TrustFakeJwksServer(Issuer).TrustFakeJwksServer(Issuer, "Partner"));

    protected async Task<HttpResponseMessage> SendAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request);
    }

    private static async Task AssertSignInAgainAsync(HttpResponseMessage response)
    {
        var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>();
        Assert.Equal("Sign in again.", problem!.Title);
        Assert.Equal("invalid_token", problem.Detail);
    }

    private async Task<string> GetAsync(string path, string? token)
    {
        using var response = await SendAsync(path, token);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }
}
