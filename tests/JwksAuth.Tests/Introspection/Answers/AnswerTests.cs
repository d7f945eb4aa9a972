using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>What an introspection response must contain for its token to pass.</summary>
public class AnswerTests
{
    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("""{"active":"true"}""")]
    [InlineData("""{"active":1}""")]
    [InlineData("""{"active":null}""")]
    [InlineData("""{"sub":"alice"}""")]
    [InlineData("""{"active":false,"active":true}""")]
    [InlineData("""{"active":[]}""")]
    [InlineData("""{"active":""}""")]
    [InlineData("""{"active":true,"sub":"a","sub":"b"}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":"a","jkt":"b"}}""")]
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
    [InlineData("aud", "\"other\"", "The token is for another audience")]
    [InlineData("aud", "[\"other\",\"another\"]", "The token is for another audience")]
    [InlineData("token_type", "\"refresh_token\"", "The token is not an access token")]
    [InlineData("token_type", "7", "The token is not an access token")]
    [InlineData("typ", "\"Refresh\"", "The token is not an access token")]
    [InlineData("typ", "\"Offline\"", "The token is not an access token")]
    [InlineData("token_use", "\"id\"", "The token is not an access token")]
    [InlineData("exp", "-61", "The token has expired")]
    [InlineData("nbf", "61", "The token is not valid yet")]
    [InlineData("iat", "61", "The token is not valid yet")]
    [InlineData("cnf", "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}", "The token is bound to a key, and the request does not prove possession of it")]
    [InlineData("cnf", "{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"}", "The token is bound to a key, and the request does not prove possession of it")]
    [InlineData("cnf", "{}", "The token is bound to a key, and the request does not prove possession of it")]
    [InlineData("cnf", "7", "The token is bound to a key, and the request does not prove possession of it")]
    [InlineData("cnf", "true", "The token is bound to a key, and the request does not prove possession of it")]
    [InlineData("cnf", "\"a\"", "The token is bound to a key, and the request does not prove possession of it")]
    [InlineData("token_type", "\"DPoP\"", "The token is bound to a key, and the request does not prove possession of it")]
    [InlineData("iss", "7", "The issuer of the token is not trusted")]
    [InlineData("aud", "7", "The token is for another audience")]
    [InlineData("aud", "null", "The token is for another audience")]
    [InlineData("aud", "\"\"", "The token is for another audience")]
    [InlineData("aud", "[]", "The token is for another audience")]
    [InlineData("aud", "[null,7,\"other\"]", "The token is for another audience")]
    [InlineData("client_id", "\"\"", "The token names no service provider")]
    [InlineData("client_id", "null", "The token names no service provider")]
    [InlineData("client_id", "[]", "The token names no service provider")]
    [InlineData("client_id", "7", "The token names no service provider")]
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
    public async Task A_member_that_many_servers_omit_may_be_absent(string member)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken(answer => answer.Remove(member))));
    }

    [Fact]
    public async Task A_token_without_an_audience_passes_only_with_the_option()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var strict = await IntrospectionApi.StartAsync(server);
        await using var lax = await IntrospectionApi.StartAsync(server, options => options.AcceptAnyAudience = true);
        var token = server.Introspection.CreateToken(answer => answer.Remove("aud"));

        Assert.Equal(HttpStatusCode.Unauthorized, await strict.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await lax.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_token_that_could_be_a_refresh_token_passes_only_with_the_option()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var strict = await IntrospectionApi.StartAsync(server, options => options.AcceptAnyAudience = true);
        await using var lax = await IntrospectionApi.StartAsync(server, options => options.AcceptAnyAudience = options.AcceptUndescribedTokens = true);
        string Create(Action<JsonObject>? describe = null) => server.Introspection.CreateToken(answer =>
        {
            answer.Remove("aud");
            answer.Remove("token_type");
            describe?.Invoke(answer);
        });
        var undescribed = Create();

        Assert.Contains("not an access token", await strict.GetChallengeAsync(undescribed), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await lax.GetStatusAsync(undescribed));
        Assert.Equal(HttpStatusCode.OK, await strict.GetStatusAsync(Create(answer => answer["typ"] = "Bearer")));
        Assert.Equal(HttpStatusCode.OK, await strict.GetStatusAsync(Create(answer => answer["aud"] = "another")));
        Assert.Equal(HttpStatusCode.Unauthorized, await lax.GetStatusAsync(Create(answer => answer["typ"] = "Refresh")));
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("Bearer")]
    [InlineData("access_token")]
    [InlineData("urn:ietf:params:oauth:token-type:access_token")]
    public async Task An_access_token_may_have_several_type_names(string type)
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
    public async Task An_inactive_token_is_inactive_even_if_other_members_are_missing()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.RequiredScopes = ["read"]);

        Assert.Contains("not active", await api.GetChallengeAsync("never-issued"), StringComparison.Ordinal);
    }

    private JsonNode? Value(string member, string json) => member is "exp" or "nbf" or "iat"
        ? _clock.GetUtcNow().AddSeconds(int.Parse(json, CultureInfo.InvariantCulture)).ToUnixTimeSeconds()
        : JsonNode.Parse(json);
}
