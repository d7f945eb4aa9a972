using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace JwksAuth.Tests.Operations.Status;

public sealed class StatusAccessTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public static TheoryData<string, string> Endpoints => new()
    {
        { "GET", "/_jwks" }, { "HEAD", "/_jwks" }, { "POST", "/_jwks/refresh" }, { "GET", "/_jwks/status.js" }, { "GET", "/_jwks/status.css" }, { "GET", "/_jwks/status.svg" },
    };

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Without_a_policy_only_callers_on_this_machine_get_the_status(string method, string path)
    {
        await using var api = await StartApiAsync();

        foreach (var address in new[] { "127.0.0.1", "::1", "::ffff:127.0.0.1" })
            Assert.Equal(HttpStatusCode.OK, await AskAsync(api, method, path, address));
        foreach (var address in new[] { "10.0.0.1", "192.0.2.1", "2001:db8::1", null })
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(api, method, path, address));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Anonymous_access_cannot_be_opened_to_others(string method, string path)
    {
        await using var open = await StartApiAsync(status => status.AllowAnonymous());
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(open, method, path, "192.0.2.1"));

        await using var contradictory = await StartApiAsync(status => status.RequireAuthorization("operators").AllowAnonymous());
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(contradictory, method, path, "192.0.2.1"));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Original-For", "192.0.2.1:80")]
    [InlineData("X-Real-IP", "192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "status.attacker.test")]
    public async Task A_caller_behind_a_proxy_or_a_foreign_name_is_not_on_this_machine(string header, string value)
    {
        await using var api = await StartApiAsync();

        using var response = await api.AskAsync(HttpMethod.Get, "/_jwks", configure: request => request.Headers.TryAddWithoutValidation(header, value));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_proxy_without_forwarding_headers_is_recognized_by_HTTP_1_0()
    {
        await using var api = await StartApiAsync();

        using var response = await api.AskAsync(HttpMethod.Get, "/_jwks", configure: request => request.Version = HttpVersion.Version10);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_policy_that_routing_does_not_enforce_admits_nobody()
    {
        var anybody = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build();
        await using var api = await StartApiAsync(status => status.WithMetadata(anybody));

        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(api, "GET", "/_jwks", "192.0.2.1"));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task With_a_policy_the_policy_decides_for_every_caller(string method, string path)
    {
        await using var api = await StartApiAsync(status => status.RequireAuthorization("operators"));
        var caller = _issuer.CreateToken();
        var person = _issuer.CreateToken(token => token.WithClaim("on_call", true));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(api, method, path, "127.0.0.1"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(api, method, path, "127.0.0.1", caller));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(api, method, path, "192.0.2.1", person));
    }

    [Theory]
    [InlineData("cross-site", "https://attacker.test")]
    [InlineData("same-site", "http://other.localhost")]
    [InlineData("cross-site", null)]
    [InlineData("nonsense", null)]
    [InlineData(null, "https://attacker.test")]
    [InlineData(null, "http://localhost:8080")]
    [InlineData(null, "null")]
    public async Task A_cross_site_form_post_is_refused_and_causes_no_fetch(string? fetchSite, string? origin)
    {
        await using var api = await StartApiAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        Assert.Equal(HttpStatusCode.Forbidden, await PostFormAsync(api, fetchSite, origin));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("same-origin", "http://localhost")]
    [InlineData("none", null)]
    [InlineData(null, "http://localhost")]
    [InlineData(null, null)]
    public async Task A_form_of_the_page_itself_and_a_script_may_refresh(string? fetchSite, string? origin)
    {
        await using var api = await StartApiAsync();

        Assert.Equal(HttpStatusCode.OK, await PostFormAsync(api, fetchSite, origin));
    }

    [Theory]
    [InlineData("Cookie", "session=1")]
    [InlineData("Accept", "text/html, application/xhtml+xml, */*")]
    public async Task A_browser_that_omits_the_origin_of_a_form_may_not_refresh(string header, string value)
    {
        await using var api = await StartApiAsync();

        using var response = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh", configure: request =>
        {
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["issuer"] = "" });
            request.Headers.TryAddWithoutValidation(header, value);
        });

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static async Task<HttpStatusCode> PostFormAsync(TestApi api, string? fetchSite, string? origin)
    {
        using var response = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh", configure: request =>
        {
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["issuer"] = "" });
            if (fetchSite is not null)
                request.Headers.Add("Sec-Fetch-Site", fetchSite);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
        });
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> AskAsync(TestApi api, string method, string path, string? address, string? token = null)
    {
        using var response = await api.AskAsync(HttpMethod.Parse(method), path, address: address, configure: request =>
        {
            if (token is not null)
                request.Authorize(token);
        });
        return response.StatusCode;
    }

    private Task<TestApi> StartApiAsync(Action<IEndpointConventionBuilder>? configure = null) => StatusApi.StartAsync(_issuer, configure);
}
