using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Operations.Status;

public sealed class StatusTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html;q=0.5, application/json", "application/json")]
    [InlineData("text/html;q=0", "application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    public async Task Browsers_get_HTML_and_other_clients_get_JSON(string? accept, string expected)
    {
        await using var api = await StartApiAsync();

        using var response = await api.AskAsync(HttpMethod.Get, "/_jwks", accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Accept", response.Headers.Vary.Single());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task The_status_lists_the_tokens_that_each_endpoint_accepts()
    {
        await using var api = await StatusApi.StartAsync(_issuer, map: application =>
        {
            application.MapGet("/orders", () => "").RequireTokenScope("orders.read");
            application.MapGet("/<b>", () => "").RequireAnyTokenScope("a", "b");
        });

        var endpoints = (await api.ReadStatusAsync()).GetProperty("endpoints");
        var page = await api.ReadPageAsync();

        Assert.Equal(
            """[{"name":"HTTP: GET /","schemes":["Bearer"],"scopeSets":[[]]},{"name":"HTTP: GET /orders","schemes":["Bearer"],"scopeSets":[["orders.read"]]},{"name":"HTTP: GET /\u003Cb\u003E","schemes":["Bearer"],"scopeSets":[["a"],["b"]]}]""",
            JsonSerializer.Serialize(endpoints));
        Assert.Contains("HTTP: GET /orders</th><td data-label=\"Schemes\">Bearer</td><td data-label=\"Scopes\">orders.read</td>", page, StringComparison.Ordinal);
        Assert.Contains("HTTP: GET /&lt;b&gt;</th><td data-label=\"Schemes\">Bearer</td><td data-label=\"Scopes\">a or b</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP: GET /open<", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_shows_which_issuer_fails_since_when_and_why()
    {
        await using var api = await StartApiAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        _issuer.Respond(FakeResponse.Status(500));
        await api.Manager.RefreshAsync();
        var failedAt = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(5));

        var source = (await api.ReadStatusAsync()).GetProperty("sources")[0];

        Assert.Equal(_issuer.Issuer, source.GetProperty("issuer").GetString());
        Assert.Equal("stale", source.GetProperty("state").GetString());
        Assert.Equal(failedAt, source.GetProperty("failingSince").GetDateTimeOffset());
        Assert.Equal($"The server at {_issuer.JwksUri} answered with status 500.", source.GetProperty("lastError").GetString());
        Assert.Equal(125, source.GetProperty("ageSeconds").GetDouble());
        Assert.Equal(TimeSpan.FromHours(24).TotalSeconds - 125, source.GetProperty("expiresInSeconds").GetDouble());
        Assert.Equal(5, source.GetProperty("nextFetchInSeconds").GetDouble());
        Assert.Equal(5, source.GetProperty("cooldownEndsInSeconds").GetDouble());
    }

    [Fact]
    public async Task The_status_shows_keys_counters_and_the_last_fetches()
    {
        await using var api = await StartApiAsync();
        var first = _issuer.CurrentKey.KeyId;
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        _clock.Advance(TimeSpan.FromSeconds(10));
        var second = _issuer.RotateKey().KeyId;
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithKeyId("junk"))));
        _issuer.PublishRaw(new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" });
        await api.Manager.RefreshAsync();

        var source = (await api.ReadStatusAsync()).GetProperty("sources")[0];

        var keys = source.GetProperty("keys").EnumerateArray().ToDictionary(key => key.GetProperty("kid").GetString()!);
        Assert.Equal([first, second], keys.Keys.Order());
        Assert.Equal("EC", keys[second].GetProperty("kty").GetString());
        Assert.Equal(["ES256"], keys[second].Strings("algorithms"));
        Assert.Equal(_clock.GetUtcNow(), keys[second].GetProperty("lastUsed").GetDateTimeOffset());
        Assert.Equal(1, source.GetProperty("skippedKeys").GetProperty("symmetric").GetInt32());

        var counters = source.GetProperty("counters");
        Assert.Equal(2, counters.GetProperty("changed").GetInt32());
        Assert.Equal(1, counters.GetProperty("notModified").GetInt32());
        Assert.Equal(1, counters.GetProperty("unknownKeysFetched").GetInt32());
        Assert.Equal(1, counters.GetProperty("unknownKeysThrottled").GetInt32());
        Assert.Equal(1, counters.GetProperty("unknownKeysRefused").GetInt32());

        var timeline = source.GetProperty("timeline").EnumerateArray().ToList();
        Assert.Equal(["start changed", "token changed", "operator not_modified"], timeline.Select(fetch => $"{fetch.GetProperty("reason")} {fetch.GetProperty("outcome")}"));
        Assert.Equal([second], timeline[1].Strings("added"));
    }

    [Fact]
    public async Task Viewing_the_status_causes_no_fetch()
    {
        await using var api = await StartApiAsync();
        var requests = _issuer.Requests.Count;

        for (var count = 0; count < 20; count++)
        {
            await api.ReadStatusAsync();
            await api.ReadPageAsync();
        }

        Assert.Equal(requests, _issuer.Requests.Count);
    }

    [Fact]
    public async Task Text_from_outside_is_escaped_on_the_page()
    {
        const string keyId = "<script>alert(1)</script>";
        _issuer.RotateKey(kid: keyId);
        await using var api = await StartApiAsync();
        await api.Manager.RefreshAsync();

        var page = await api.ReadPageAsync();

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>", page, StringComparison.Ordinal);
        var keys = (await api.ReadStatusAsync()).GetProperty("sources")[0].GetProperty("keys").EnumerateArray();
        Assert.Contains(keys, key => key.GetProperty("kid").GetString() == keyId);
    }

    [Fact]
    public async Task The_page_loads_nothing_and_has_a_strict_content_security_policy()
    {
        await using var api = await StartApiAsync();
        using var response = await api.AskAsync(HttpMethod.Get, "/_jwks", "text/html");
        var page = await response.Content.ReadAsStringAsync();

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace(_issuer.Issuer, "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var (asset, type) in new[] { ("status.css", "text/css"), ("status.js", "text/javascript"), ("status.svg", "image/svg+xml") })
        {
            Assert.Contains($"\"/_jwks/{asset}\"", page, StringComparison.Ordinal);
            using var content = await api.AskAsync(HttpMethod.Get, $"/_jwks/{asset}");
            Assert.Equal(type, content.Content.Headers.ContentType?.MediaType);
            using var again = await api.AskAsync(HttpMethod.Get, $"/_jwks/{asset}", configure: request => request.Headers.IfNoneMatch.Add(content.Headers.ETag!));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Fact]
    public async Task A_scheme_that_is_not_configured_is_shown_with_its_missing_setting()
    {
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(),
            new TestApiSettings { Map = application => StatusApi.Map(application) });

        var scheme = (await api.ReadStatusAsync()).GetProperty("schemes")[0];
        Assert.False(scheme.GetProperty("configured").GetBoolean());
        Assert.Contains(scheme.Strings("faults"), fault => fault.Contains("Authentication:Schemes:Bearer:Authority", StringComparison.Ordinal));
        Assert.Contains("Authentication:Schemes:Bearer:Authority", await api.ReadPageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_JSON_does_not_escape_apostrophes_and_is_not_served_as_a_page()
    {
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(options => (options.Authority, options.Audience) = ("http://issuer.test", "<api>")),
            new TestApiSettings { Map = application => StatusApi.Map(application) });

        using var response = await api.AskAsync(HttpMethod.Get, "/_jwks");

        Assert.Contains("Authority 'http://issuer.test'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Keys_from_configuration_are_shown()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(options =>
            {
                options.Issuer = "https://issuer.test";
                options.Audience = "api";
                options.SigningKeys.Add(new JwksVerificationKey { Pem = key.ExportSubjectPublicKeyInfoPem(), KeyId = "fixed" });
            }),
            new TestApiSettings { Map = application => StatusApi.Map(application) });

        var status = await api.ReadStatusAsync();
        Assert.Equal(JsonValueKind.Array, status.GetProperty("sources").ValueKind);
        Assert.Equal("fixed", status.GetProperty("schemes")[0].GetProperty("keys")[0].GetProperty("kid").GetString());
        Assert.Contains("<code>fixed</code>", await api.ReadPageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_stays_bounded_and_keeps_the_last_rotations()
    {
        await using var api = await StartApiAsync();
        _issuer.RotateKey();
        await api.Manager.RefreshAsync();
        for (var count = 0; count < 100; count++)
            await api.Manager.RefreshAsync();

        var timeline = (await api.ReadStatusAsync()).GetProperty("sources")[0].GetProperty("timeline").EnumerateArray().ToList();

        Assert.Equal(62, timeline.Count);
        Assert.Equal(["changed", "changed", "not_modified"], timeline.Take(3).Select(fetch => fetch.GetProperty("outcome").GetString()));
    }

    [Fact]
    public void Mapping_without_a_scheme_names_the_missing_call()
    {
        var application = WebApplication.CreateBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => application.MapJwksStatus());

        Assert.Contains("AddJwksBearer", exception.Message, StringComparison.Ordinal);
    }

    private async Task<TestApi> StartApiAsync()
    {
        var api = await StatusApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        return api;
    }
}
