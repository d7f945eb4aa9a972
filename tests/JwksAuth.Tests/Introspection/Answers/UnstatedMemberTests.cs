using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>In a response, absent, null, the empty string and the empty list all mean "not stated", and one invalid member does not invalidate the whole response.</summary>
public class UnstatedMemberTests
{
    private readonly FakeClock _clock = new();

    public static TheoryData<string, string> Unstated
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var member in (string[])["iss", "sub", "exp", "nbf", "iat", "jti", "scope", "username", "token_type", "typ", "token_use", "cnf", "azp", "acr", "anything"])
            {
                foreach (var value in (string[])["null", "\"\"", "[]"])
                    data.Add(member, value);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Unstated))]
    public async Task An_optional_member_without_a_value_is_like_an_absent_one(string member, string json)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: Claims(log));
        var token = server.Introspection.CreateToken(answer => answer[member] = JsonNode.Parse(json));

        Assert.DoesNotContain(member + "=", await GetClaimsAsync(api, token), StringComparison.Ordinal);
        Assert.DoesNotContain(log.Entries, entry => entry.Text.Contains($"'{member}'", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Unstated))]
    public async Task The_same_holds_for_a_signed_answer(string member, string json)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken(answer => answer[member] = JsonNode.Parse(json))));
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("jti")]
    public async Task An_unstated_member_around_a_signed_answer_is_like_an_absent_one(string member)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        server.Introspection.CustomizeSignedAnswer(answer => answer.WithClaim(member, null));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("iat")]
    [InlineData("token_introspection")]
    public async Task A_required_member_around_a_signed_answer_that_is_not_stated_is_missing(string member)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        server.Introspection.CustomizeSignedAnswer(answer => answer.WithClaim(member, null));

        Assert.Contains("could not be confirmed", await api.GetChallengeAsync(server.Introspection.CreateToken()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"active":false,"sub":null,"scope":"x","iat":0,"exp":0,"aud":"https://api.example","iss":"https://login.example","client_id":"client-1"}""")]
    [InlineData("""{"active":false,"sub":7,"exp":"never","nbf":-1,"iat":1e300,"aud":{},"iss":[],"cnf":null}""")]
    [InlineData("""{"active":false,"exp":99999999999999999999}""")]
    public async Task Other_members_of_an_inactive_token_are_ignored(string body)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(FakeResponse.Text(body));

        Assert.Contains("not active", await api.GetChallengeAsync("token"), StringComparison.Ordinal);
        Assert.DoesNotContain(log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Theory]
    [InlineData("exp", "-1", "401 expired")]
    [InlineData("exp", "0", "401 expired")]
    [InlineData("exp", "1e3", "401 expired")]
    [InlineData("exp", "1900000000000", "200")]
    [InlineData("exp", "1e300", "200")]
    [InlineData("exp", "99999999999999999999", "200")]
    [InlineData("nbf", "-1", "200")]
    [InlineData("iat", "-62135596801", "200")]
    [InlineData("iat", "-1e300", "200")]
    [InlineData("iat", "1e300", "401 not valid yet")]
    [InlineData("nbf", "1900000000000", "401 not valid yet")]
    public async Task An_impossible_date_is_clamped_to_the_supported_range(string member, string json, string expected)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var challenge = await api.GetChallengeAsync(server.Introspection.CreateToken(answer => answer[member] = JsonNode.Parse(json)));

        Assert.StartsWith(expected[..3], challenge, StringComparison.Ordinal);
        Assert.Contains(expected[3..].Trim(), challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exp", "\"1900000000\"")]
    [InlineData("exp", "\"never\"")]
    [InlineData("exp", "true")]
    [InlineData("exp", "{}")]
    [InlineData("exp", "[1900000000]")]
    [InlineData("nbf", "\"1\"")]
    [InlineData("nbf", "false")]
    public async Task A_limit_that_cannot_be_read_refuses_the_token_and_is_named_in_the_log(string member, string json)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        var token = server.Introspection.CreateToken(answer => answer[member] = JsonNode.Parse(json));

        Assert.Contains("401 Bearer error=\"invalid_token\"", await api.GetChallengeAsync(token), StringComparison.Ordinal);
        Assert.Contains(log.Errors, text => text.Contains($"'{member}'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sub", "42", "sub=42")]
    [InlineData("sub", "true", "")]
    [InlineData("sub", "[\"alice\",\"bob\"]", "")]
    [InlineData("sub", "{\"name\":\"alice\"}", "")]
    [InlineData("iat", "\"2026-01-01\"", "iat=2026-01-01")]
    [InlineData("jti", "7", "jti=7")]
    [InlineData("username", "7", "username=7")]
    [InlineData("aud", "[\"api\",null,7]", "aud=api")]
    [InlineData("scope", "{}", "")]
    public async Task A_malformed_member_affects_only_itself_and_is_logged(string member, string json, string claim)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: Claims(log));
        var token = server.Introspection.CreateToken(answer => answer[member] = JsonNode.Parse(json));

        var claims = await GetClaimsAsync(api, token);

        Assert.Contains(claim, claims, StringComparison.Ordinal);
        if (claim.Length == 0 && member == "sub")
            Assert.DoesNotContain("sub=", claims, StringComparison.Ordinal);
        Assert.Contains(log.Entries, entry => entry.Id.Name == "IntrospectionAnswerOdd" && entry.Text.Contains($"'{member}'", StringComparison.Ordinal));
        Assert.Empty(log.Errors);
    }

    [Theory]
    [InlineData("""{"active":true,"sub":"a","sub":"b"}""", "the member 'sub' more than once")]
    [InlineData("""{"active":true,"cnf":{"jkt":"a","jkt":"b"}}""", "the member 'jkt' more than once")]
    [InlineData("""{"active":"true"}""", "'active'")]
    [InlineData("""{"sub":"alice"}""", "'active'")]
    [InlineData("""{"active":true""", "not a JSON object")]
    [InlineData("[true]", "not a JSON object")]
    public async Task An_answer_that_is_no_introspection_response_says_in_the_log_what_is_wrong_with_it(string body, string expected)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(FakeResponse.Text(body));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        Assert.Contains(log.Entries, entry => entry.Id.Name == "IntrospectionUnreachable" && entry.Text.Contains(expected, StringComparison.Ordinal));
    }

    private static async Task<string> GetClaimsAsync(TestApi api, string token)
    {
        using var answer = await api.SendAsync(token, "/claims");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static TestApiSettings Claims(RecordedLog log)
    {
        var settings = IntrospectionApi.Logging(log);
        return new TestApiSettings
        {
            Logging = settings.Logging,
            Map = application => application.MapGet(
                "/claims", (HttpContext context) => string.Join(';', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}"))).RequireAuthorization(),
        };
    }
}
