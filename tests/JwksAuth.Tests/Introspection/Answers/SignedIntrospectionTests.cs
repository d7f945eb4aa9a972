using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection.Answers;

public class SignedIntrospectionTests
{
    private const string Unconfirmed = "401 Bearer error=\"invalid_token\", error_description=\"The token could not be confirmed\"";

    private static readonly DateTimeOffset LongFromNow = DateTimeOffset.FromUnixTimeSeconds(4102444800);

    private readonly FakeClock _clock = new();

    public static TheoryData<string, Action<FakeToken, FakeIssuer>> Untrusted => new()
    {
        { "wrong signature", (answer, _) => answer.WithWrongSignature() },
        { "no signature", (answer, _) => answer.WithoutSignature() },
        { "alg none", (answer, _) => answer.WithAlgorithmNone() },
        { "algorithm confusion", (answer, _) => answer.SignedWithPublicKey() },
        { "foreign algorithm", (answer, issuer) => answer.SignedBy(issuer.PublishAhead("ES384")) },
        { "key of another issuer", (answer, _) => answer.SignedBy(FakeSigningKey.Create("ES256", "k")) },
        { "key that is published for another issuer", (answer, issuer) => answer.SignedBy(issuer.PublishAhead("ES256").CustomizeJwk(jwk => jwk["issuer"] = "https://other.test")) },
        { "unknown kid", (answer, _) => answer.WithUnknownKeyId() },
        { "kid too long", (answer, _) => answer.WithKeyId(new string('k', 300)) },
        { "type of an access token", (answer, _) => answer.WithType("at+jwt") },
        { "type JWT", (answer, _) => answer.WithType("JWT") },
        { "no type", (answer, _) => answer.WithType(null) },
        { "critical extension", (answer, _) => answer.WithHeader("crit", new JsonArray("x")) },
        { "other issuer", (answer, _) => answer.WithIssuer("https://other.test") },
        { "issuer with a slash more", (answer, issuer) => answer.WithIssuer(issuer.Issuer + "/") },
        { "no issuer", (answer, _) => answer.WithoutClaim("iss") },
        { "other audience", (answer, _) => answer.WithAudience("other") },
        { "no audience", (answer, _) => answer.WithoutClaim("aud") },
        { "no iat", (answer, _) => answer.WithoutClaim("iat") },
        { "old", (answer, _) => answer.WithIssuedAt(DateTimeOffset.UnixEpoch) },
        { "dated ahead", (answer, _) => answer.WithIssuedAt(LongFromNow) },
        { "expired", (answer, _) => answer.WithExpires(DateTimeOffset.UnixEpoch) },
        { "not valid yet", (answer, _) => answer.WithNotBefore(LongFromNow) },
        { "iat is text", (answer, _) => answer.WithClaim("iat", "now") },
        { "exp is text", (answer, _) => answer.WithClaim("exp", "4102444800") },
        { "nbf is text", (answer, _) => answer.WithClaim("nbf", "0") },
        { "no token_introspection", (answer, _) => answer.WithoutClaim("token_introspection") },
        { "flat members", (answer, _) => answer.WithoutClaim("token_introspection").WithClaim("active", true).WithClaim("client_id", "c") },
        { "token_introspection is text", (answer, _) => answer.WithClaim("token_introspection", "{\"active\":true}") },
        { "active is text", (answer, _) => answer.WithClaim("token_introspection", new JsonObject { ["active"] = "true" }) },
        { "duplicate claim", (answer, _) => answer.WithRawPayload("""{"iss":"a","iss":"b"}""") },
        { "truncated payload", (answer, _) => answer.WithRawPayload("""{"iss":"https://issuer.t""") },
    };

    [Fact]
    public async Task A_key_that_is_published_for_the_server_itself_signs_its_answers()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        server.CurrentKey.CustomizeJwk(jwk => jwk["issuer"] = server.Issuer);
        await using var api = await IntrospectionApi.StartSignedAsync(server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task A_signed_answer_confirms_the_token()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Contains("not active", await api.GetChallengeAsync("never-issued"), StringComparison.Ordinal);
        Assert.Equal(1, server.JwksRequestCount);
    }

    [Fact]
    public async Task A_clock_skew_without_limit_accepts_an_answer_of_any_age()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server, options => options.ClockSkew = TimeSpan.MaxValue);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [MemberData(nameof(Untrusted))]
    public async Task An_answer_that_cannot_be_trusted_confirms_nothing(string fault, Action<FakeToken, FakeIssuer> customize)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartSignedAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.CustomizeSignedAnswer(answer => customize(answer, server.DefaultIssuer));

        var challenge = await api.GetChallengeAsync(server.Introspection.CreateToken());

        Assert.True(challenge == Unconfirmed, $"{fault}: {challenge}");
        Assert.Contains(log.Errors, text => text.Contains("does not trust", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("iat", -65, true)]
    [InlineData("iat", -66, false)]
    [InlineData("iat", 60, true)]
    [InlineData("iat", 61, false)]
    [InlineData("exp", -59, true)]
    [InlineData("exp", -60, false)]
    [InlineData("nbf", 60, true)]
    [InlineData("nbf", 61, false)]
    public async Task An_answer_is_dated_now_within_the_skew_and_the_timeout(string member, int seconds, bool isTrusted)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        server.Introspection.CustomizeSignedAnswer(answer => answer.WithClaim(member, _clock.GetUtcNow().ToUnixTimeSeconds() + seconds));

        Assert.Equal(isTrusted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task An_answer_signed_by_another_algorithm_than_the_registered_is_refused_although_its_key_is_known(string algorithm)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        var other = server.PublishAhead(algorithm);
        await using var api = await IntrospectionApi.StartSignedAsync(server, settings: IntrospectionApi.Logging(log));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Equal(1, server.JwksRequestCount);

        server.Introspection.CustomizeSignedAnswer(answer => answer.SignedBy(other));

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync(server.Introspection.CreateToken()));
        Assert.Contains("algorithm", Assert.Single(log.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token-introspection+jwt")]
    [InlineData("TOKEN-INTROSPECTION+JWT")]
    [InlineData("application/token-introspection+jwt")]
    public async Task The_type_is_compared_as_a_media_type(string type)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        server.Introspection.CustomizeSignedAnswer(answer => answer.WithType(type));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task The_media_type_may_have_parameters_and_must_be_the_right_one()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);

        server.Introspection.Endpoint.SetHeader("Content-Type", "application/token-introspection+jwt; charset=utf-8");
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        server.Introspection.Endpoint.SetHeader("Content-Type", "application/jwt");
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task A_plain_answer_never_confirms_a_token()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);

        server.Introspection.Endpoint.Respond(FakeResponse.Text("""{"active":true,"aud":"api","client_id":"c"}"""));
        Assert.Equal(Unconfirmed, await api.GetChallengeAsync("one"));
        server.Introspection.Endpoint.Respond(FakeResponse.Text("""{"active":false}"""));
        Assert.Contains("not active", await api.GetChallengeAsync("two"), StringComparison.Ordinal);
        server.Introspection.Endpoint.Respond(FakeResponse.Text("""{"\ud800active":false}"""));
        Assert.Equal(Unconfirmed, await api.GetChallengeAsync("three"));
    }

    [Fact]
    public async Task An_encrypted_answer_is_refused_where_none_is_expected()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        server.Introspection.Endpoint.Respond(FakeResponse.Text("e30.a.b.c.d", "application/token-introspection+jwt"));

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync("token"));
    }

    [Fact]
    public async Task Servers_that_put_the_audience_of_the_token_outside_have_an_option()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server, options =>
        {
            options.ClientId = "rs-17";
            options.ResponseAudience = "https://rs.test";
        });
        server.Introspection.CustomizeSignedAnswer(answer => answer.WithAudience("https://rs.test"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));

        server.Introspection.CustomizeSignedAnswer(null);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task A_new_key_of_the_server_is_fetched_for_its_first_answer()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        await api.GetStatusAsync(server.Introspection.CreateToken());

        _clock.Advance(TimeSpan.FromSeconds(10));
        server.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Equal(2, server.JwksRequestCount);
    }

    [Fact]
    public async Task A_rotation_of_a_server_without_kids_is_noticed_with_the_first_answer()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        for (var rotation = 0; rotation < 3; rotation++)
        {
            var key = FakeSigningKey.Create("ES256").CustomizeJwk(jwk => jwk.Remove("kid"));
            server.ReplaceAll([key]);
            server.Introspection.CustomizeSignedAnswer(answer => answer.SignedBy(key).WithKeyId(null));
            if (rotation == 0)
                api.Manager.Clear();

            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
            _clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task A_cached_response_expires_with_the_key_that_signed_it()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        var token = server.Introspection.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(1, server.Introspection.Endpoint.RequestCount);

        server.ReplaceAll();
        await api.Manager.RefreshAsync();
        server.Introspection.Revoke(token);

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task Unreachable_keys_get_503_and_earlier_keys_still_work()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        server.Jwks.Respond(FakeResponse.Status(500));
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(server.Introspection.CreateToken()));

        server.Jwks.Reset();
        await api.Manager.RefreshAsync();
        server.Jwks.Respond(FakeResponse.Status(500));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }
}
