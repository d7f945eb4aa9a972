using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Introspection;

/// <summary>Responses other than 200: the body names the cause, and only failures that no caller can cause stop requests for the others.</summary>
public class IntrospectionRefusalTests
{
    private const int JunkTokens = 12;

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData(401, """{"active":false}""")]
    [InlineData(401, """{"active": false, "sub": null, "exp": 0}""")]
    [InlineData(403, """{"active":false}""")]
    [InlineData(404, """{"active":false}""")]
    [InlineData(410, """{"active":false}""")]
    [InlineData(422, """{"active":false}""")]
    [InlineData(400, """{"active":false}""")]
    [InlineData(500, """{"active":false}""")]
    [InlineData(503, """{"active":false}""")]
    [InlineData(429, """{"active":false}""")]
    [InlineData(401, """{"error":"invalid_token"}""")]
    [InlineData(403, """{"error":"invalid_token","error_description":"unknown"}""")]
    [InlineData(404, """{"error":"invalid_token"}""")]
    [InlineData(401, """{"error":"token_inactive"}""")]
    [InlineData(401, """{"error":"token_expired"}""")]
    [InlineData(400, """{"error":"token_signature_mismatch"}""")]
    [InlineData(400, """{"error":"invalid_grant"}""")]
    [InlineData(403, """{"error":"access_denied"}""")]
    [InlineData(401, """{"error":"access_denied"}""")]
    public async Task A_refusal_about_the_token_is_401_and_does_not_affect_other_callers(int status, string body)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.RespondTimes(JunkTokens, FakeResponse.Text(body, statusCode: status));

        for (var count = 0; count < JunkTokens; count++)
            Assert.Contains("The token is not active", await api.GetChallengeAsync($"junk-{count}"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Empty(log.Errors);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_request"}""")]
    [InlineData(401, "")]
    [InlineData(401, "<html>sign in</html>")]
    [InlineData(401, """{"error":"request_unauthorized"}""")]
    [InlineData(401, """{"active":"false"}""")]
    [InlineData(403, "")]
    [InlineData(403, """{"message":"Forbidden"}""")]
    [InlineData(404, "")]
    [InlineData(405, "")]
    [InlineData(500, "")]
    [InlineData(500, """{"error":"server_error"}""")]
    [InlineData(501, "")]
    [InlineData(429, "")]
    public async Task A_refusal_without_a_reason_is_503_and_does_not_affect_other_callers(int status, string body)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.RespondTimes(JunkTokens, FakeResponse.Text(body, statusCode: status));

        for (var count = 0; count < JunkTokens; count++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync($"junk-{count}"));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData(401, "invalid_client")]
    [InlineData(401, "unauthorized_client")]
    [InlineData(400, "invalid_client")]
    [InlineData(403, "invalid_client")]
    public async Task Refused_credentials_are_not_sent_repeatedly(int status, string error)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(FakeResponse.Text($$"""{"error":"{{error}}"}""", statusCode: status));

        for (var count = 0; count < 50; count++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync($"token-{count}"));

        Assert.Equal(10, server.Introspection.Endpoint.RequestCount);
        Assert.Contains(log.Errors, text => text.Contains("rejects this API's own credentials", StringComparison.Ordinal) && text.Contains(error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task The_log_of_a_refusal_without_a_reason_names_both_possible_causes(int status)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, options => options.ClientSecret = "s3cr3t", IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(FakeResponse.Status(status));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("opaque-token-1"));

        var error = Assert.Single(log.Errors);
        Assert.Contains($"status {status}", error, StringComparison.Ordinal);
        Assert.Contains("ClientId", error, StringComparison.Ordinal);
        Assert.DoesNotContain("rejects this API's own credentials", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error, StringComparison.Ordinal);
        Assert.DoesNotContain("opaque-token-1", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_that_answers_any_token_still_gets_requests_although_it_fails_for_others(int status)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        server.Introspection.Endpoint.RespondTimes(50, FakeResponse.Status(status));
        for (var count = 0; count < 50; count++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync($"odd-{count}"));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData("502")]
    [InlineData("504")]
    [InlineData("breaks off")]
    [InlineData("hangs")]
    public async Task Tokens_that_make_the_server_fail_do_not_stop_requests_for_others(string kind)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.RespondTimes(JunkTokens, kind switch
        {
            "hangs" => FakeResponse.Hang,
            "breaks off" => FakeResponse.Abort,
            _ => FakeResponse.Status(int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture)),
        });
        var odd = Enumerable.Range(0, JunkTokens).Select(index => api.GetStatusAsync($"odd-{index}")).ToArray();
        await server.Introspection.Endpoint.WaitForRequestsAsync(JunkTokens);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll(odd), status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task An_unreachable_server_gets_no_requests_for_a_while()
    {
        using var unconnected = new UnconnectedHandler();
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection();
            services.TrustFakeIntrospection(server);
            services.PostConfigure<JwksIntrospectionOptions>(JwksAuthDefaults.IntrospectionScheme, options =>
            {
                (options.Issuer, options.IntrospectionEndpoint) = (server.Issuer, server.Introspection.Endpoint.Uri);
                options.BackchannelHttpHandler = unconnected;
            });
        });

        for (var count = 0; count < 50; count++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync($"token-{count}"));

        Assert.Equal(10, unconnected.Questions);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_token"}""")]
    [InlineData(401, """{"active":false}""")]
    [InlineData(429, """{"active":false}""")]
    [InlineData(401, "")]
    public async Task A_Retry_After_for_one_token_does_not_delay_others(int status, string body)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.RespondOnce(FakeResponse.Text(body, statusCode: status).WithHeader("Retry-After", "30"));
        await api.GetStatusAsync("junk");

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(203)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_status_other_than_200_never_confirms_a_token(int status)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.Respond(FakeResponse.Text("""{"active":true,"aud":"api","client_id":"c","sub":"alice"}""", statusCode: status));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
    }

    private sealed class UnconnectedHandler : HttpMessageHandler
    {
        public int Questions { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Questions += request.Method == HttpMethod.Post ? 1 : 0;
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        }
    }
}
