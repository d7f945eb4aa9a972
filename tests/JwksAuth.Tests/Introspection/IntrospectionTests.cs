using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Tests.Introspection;

public class IntrospectionTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_token_that_the_server_calls_active_passes()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        using var response = await api.SendAsync(server.Introspection.CreateToken(answer => answer["sub"] = "alice"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("alice", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_know_is_refused()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token is not active\"", await api.GetChallengeAsync("never-issued"));
    }

    [Fact]
    public async Task No_token_gets_a_bare_challenge_and_asks_nobody()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Equal("401 Bearer", await api.GetChallengeAsync(null));
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("a b")]
    [InlineData("töken")]
    [InlineData("a\"b")]
    [InlineData("====")]
    public async Task What_cannot_be_a_token_is_refused_without_asking(string token)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task A_token_that_is_too_long_is_refused_without_asking()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Contains("too long", await api.GetChallengeAsync(new string('a', (16 * 1024) + 1)), StringComparison.Ordinal);
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Theory]
    [InlineData("""{"active":"true"}""")]
    [InlineData("""{"active":1}""")]
    [InlineData("""{"active":null}""")]
    [InlineData("""{"sub":"alice"}""")]
    [InlineData("""{"active":false,"active":true}""")]
    [InlineData("""{"active":true,"exp":"never"}""")]
    [InlineData("""[true]""")]
    [InlineData("<html>sign in</html>")]
    [InlineData("")]
    public async Task An_answer_that_is_no_introspection_response_accepts_nothing_and_blames_no_caller(string body)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.Respond(FakeResponse.Text(body));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
    }

    [Theory]
    [InlineData("iss", "\"https://other.test\"", "The issuer of the token is not trusted")]
    [InlineData("aud", "\"other\"", "The token is meant for another audience")]
    [InlineData("aud", "[\"other\",\"another\"]", "The token is meant for another audience")]
    [InlineData("token_type", "\"refresh_token\"", "The token is not an access token")]
    [InlineData("token_type", "7", "The token is not an access token")]
    [InlineData("typ", "\"Refresh\"", "The token is not an access token")]
    [InlineData("typ", "\"Offline\"", "The token is not an access token")]
    [InlineData("token_use", "\"id\"", "The token is not an access token")]
    [InlineData("exp", "-61", "The token has expired")]
    [InlineData("nbf", "61", "The token is not valid yet")]
    [InlineData("iat", "61", "The token is not valid yet")]
    [InlineData("cnf", "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}", "The token is bound to a key, which the request does not prove")]
    [InlineData("cnf", "{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"}", "The token is bound to a key, which the request does not prove")]
    [InlineData("cnf", "null", "The token is bound to a key, which the request does not prove")]
    [InlineData("token_type", "\"DPoP\"", "The token is bound to a key, which the request does not prove")]
    [InlineData("client_id", "\"\"", "The token names no service provider")]
    [InlineData("client_id", "[\"one\",\"two\"]", "The token names no service provider")]
    public async Task An_active_token_is_refused_for_its_own_reason(string member, string json, string reason)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken(answer => answer[member] = Value(member, json));

        Assert.Equal($"401 Bearer error=\"invalid_token\", error_description=\"{reason}\"", await api.GetChallengeAsync(token));
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("iss")]
    [InlineData("iat")]
    [InlineData("exp")]
    [InlineData("token_type")]
    [InlineData("scope")]
    public async Task A_member_that_many_servers_leave_out_may_be_absent(string member)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken(answer => answer.Remove(member))));
    }

    [Fact]
    public async Task A_token_without_an_audience_passes_only_by_choice()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var strict = await IntrospectionApi.StartAsync(server);
        await using var lax = await IntrospectionApi.StartAsync(server, options => options.AcceptAnyAudience = true);
        var token = server.Introspection.CreateToken(answer => answer.Remove("aud"));

        Assert.Equal(HttpStatusCode.Unauthorized, await strict.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await lax.GetStatusAsync(token));
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("Bearer")]
    [InlineData("access_token")]
    [InlineData("urn:ietf:params:oauth:token-type:access_token")]
    public async Task An_access_token_may_be_called_in_several_ways(string type)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken(answer => answer["token_type"] = type)));
    }

    [Theory]
    [InlineData("read write", HttpStatusCode.OK)]
    [InlineData("write", HttpStatusCode.OK)]
    [InlineData("admin", HttpStatusCode.Forbidden)]
    [InlineData("rea", HttpStatusCode.Forbidden)]
    [InlineData("READ", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task One_of_the_required_scopes_is_enough_and_none_is_403(string scope, HttpStatusCode expected)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.RequiredScopes = ["read", "write"]);
        var token = server.Introspection.CreateToken(answer => answer["scope"] = scope);

        Assert.Equal(expected, await api.GetStatusAsync(token));
        if (expected == HttpStatusCode.Forbidden)
            Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"read write\"", await api.GetChallengeAsync(token));
    }

    [Fact]
    public async Task An_inactive_token_is_inactive_whatever_else_is_missing()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.RequiredScopes = ["read"]);

        Assert.Contains("not active", await api.GetChallengeAsync("never-issued"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_id", "\"portal\"", "portal")]
    [InlineData("client_id", "[\"portal\"]", "portal")]
    [InlineData("aud", "[\"api\",\"portal\"]", "portal")]
    [InlineData("aud", "[\"portal\",\"api\"]", "portal")]
    [InlineData("aud", "[\"api\",\"portal\",\"other\"]", null)]
    [InlineData("aud", "[\"api\"]", null)]
    [InlineData("azp", "\"portal\"", "portal")]
    public async Task The_setting_decides_which_member_names_the_service_provider(string member, string json, string? expected)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(
            server,
            options => options.ServiceProviderClaim = member,
            new TestApiSettings { Map = application => application.MapGet("/provider", (ClaimsPrincipal user) => user.FindFirstValue(JwksAuthDefaults.ServiceProviderClaimType)).RequireAuthorization() });

        using var response = await api.SendAsync(server.Introspection.CreateToken(answer => answer[member] = JsonNode.Parse(json)), "/provider");

        Assert.Equal(expected is null ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, response.StatusCode);
        if (expected is not null)
            Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Every_member_of_the_answer_becomes_a_claim()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        ClaimsPrincipal? caller = null;
        await using var api = await IntrospectionApi.StartAsync(
            server, settings: new TestApiSettings { Map = application => application.MapGet("/me", (ClaimsPrincipal user) => { caller = user; }).RequireAuthorization() });
        var token = server.Introspection.CreateToken(answer =>
        {
            answer["roles"] = new JsonArray("a", "b");
            answer["level"] = 7;
            answer["vip"] = true;
            answer["nothing"] = null;
            answer["address"] = new JsonObject { ["city"] = "Paris" };
            answer["service_provider"] = "forged";
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token, "/me"));

        Assert.Equal("user-1", caller!.Identity!.Name);
        Assert.True(caller.IsInRole("b"));
        Assert.Equal("7", caller.FindFirstValue("level"));
        Assert.Equal(ClaimValueTypes.Integer64, caller.FindFirst("level")!.ValueType);
        Assert.Equal("true", caller.FindFirstValue("vip"));
        Assert.Null(caller.FindFirst("nothing"));
        Assert.Null(caller.FindFirst("active"));
        Assert.Equal("""{"city":"Paris"}""", caller.FindFirstValue("address"));
        Assert.Equal("client-1", Assert.Single(caller.FindAll(JwksAuthDefaults.ServiceProviderClaimType)).Value);
        Assert.All(caller.Claims, claim => Assert.Equal(server.Issuer, claim.Issuer));
    }

    [Fact]
    public async Task The_request_has_exactly_the_fields_and_the_header_of_its_mode()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var plain = await IntrospectionApi.StartAsync(server, options =>
        {
            options.ClientId = "the api";
            options.ClientSecret = "p:ä+ s";
        });
        await using var signed = await IntrospectionApi.StartSignedAsync(server, options => options.ClientAuthentication = "client_secret_post");
        var token = server.Introspection.CreateToken();

        await plain.GetStatusAsync(token);
        await signed.GetStatusAsync(token);

        var basic = server.Introspection.Requests[0];
        Assert.Equal("application/json", basic.Headers["Accept"]);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("the+api:p%3A%C3%A4%2B+s")), basic.Headers["Authorization"]);
        Assert.Equal(new Dictionary<string, string> { ["token"] = token, ["token_type_hint"] = "access_token" }, basic.Form);
        var post = server.Introspection.Requests[1];
        Assert.Equal("application/token-introspection+jwt", post.Headers["Accept"]);
        Assert.False(post.Headers.ContainsKey("Authorization"));
        Assert.Equal(
            new Dictionary<string, string> { ["token"] = token, ["token_type_hint"] = "access_token", ["client_id"] = "api", ["client_secret"] = "secret" },
            post.Form);
    }

    [Fact]
    public async Task With_a_client_certificate_only_the_name_is_sent()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.ClientAuthentication = "none");

        await api.GetStatusAsync("token");

        var request = Assert.Single(server.Introspection.Requests);
        Assert.False(request.Headers.ContainsKey("Authorization"));
        Assert.Equal(["client_id", "token", "token_type_hint"], request.Form.Keys.Order());
    }

    [Fact]
    public async Task An_event_may_take_the_token_from_elsewhere_and_refuse_the_caller()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options =>
        {
            options.SaveToken = true;
            options.Events = new JwksIntrospectionEvents
            {
                OnMessageReceived = context => Task.FromResult(context.Token = context.Request.Query["access_token"]),
                OnTokenValidated = context =>
                {
                    if (context.Answer.GetProperty("sub").GetString() == "unknown")
                        context.Fail("no such user");
                    return Task.CompletedTask;
                },
            };
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, "/?access_token=" + server.Introspection.CreateToken()));
        var unknown = server.Introspection.CreateToken(answer => answer["sub"] = "unknown");
        Assert.Equal("401 Bearer error=\"invalid_token\"", await api.GetChallengeAsync(null, "/?access_token=" + unknown));
    }

    [Fact]
    public async Task The_properties_carry_times_and_the_saved_token()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        AuthenticateResult? result = null;
        await using var api = await IntrospectionApi.StartAsync(
            server,
            options => options.SaveToken = true,
            new TestApiSettings { Map = application => application.MapGet("/me", async (HttpContext context) => { result = await context.AuthenticateAsync(); }) });
        var token = server.Introspection.CreateToken();

        await api.GetStatusAsync(token, "/me");

        Assert.Equal(token, result!.Properties!.GetTokenValue("access_token"));
        Assert.Equal(TimeSpan.FromMinutes(10), result.Properties!.ExpiresUtc - result.Properties.IssuedUtc);
    }

    private JsonNode? Value(string member, string json) => member is "exp" or "nbf" or "iat"
        ? _clock.GetUtcNow().AddSeconds(int.Parse(json, CultureInfo.InvariantCulture)).ToUnixTimeSeconds()
        : JsonNode.Parse(json);
}
