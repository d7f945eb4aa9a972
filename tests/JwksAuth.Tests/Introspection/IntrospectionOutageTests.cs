using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Introspection;

/// <summary>The cause decides the response: a caller's fault is answered 401, any other fault 503 with a message for the operator.</summary>
public class IntrospectionOutageTests
{
    private readonly FakeClock _clock = new();

    public static TheoryData<string, FakeResponse> Outages => new()
    {
        { "500", FakeResponse.Status(500) },
        { "502", FakeResponse.Status(502) },
        { "503", FakeResponse.Status(503) },
        { "429", FakeResponse.Status(429) },
        { "broken connection", FakeResponse.Abort },
        { "too large", FakeResponse.Oversize() },
        { "too large, unannounced", FakeResponse.Oversize(chunked: true) },
    };

    public static TheoryData<string, FakeResponse> RefusedCredentials => new()
    {
        { "401 with JSON", FakeResponse.Text("""{"error":"invalid_client"}""", statusCode: 401) },
        { "403 with JSON", FakeResponse.Text("""{"error":"invalid_client"}""", statusCode: 403) },
        { "400 invalid_client", FakeResponse.Text("""{"error":"invalid_client"}""", statusCode: 400) },
        { "400 unauthorized_client", FakeResponse.Text("""{"error":"unauthorized_client"}""", statusCode: 400) },
    };

    public static TheoryData<string, FakeResponse> RefusedRequests => new()
    {
        { "an encrypting client that asks for JSON", FakeResponse.Text("""{"error":"invalid_request"}""", statusCode: 400) },
        { "400 in words", FakeResponse.Text("bad request", "text/plain", 400) },
        { "no such endpoint", FakeResponse.NotFound },
        { "another method", FakeResponse.Status(405) },
        { "a redirect", FakeResponse.Redirect("https://login.test/") },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task A_server_that_is_down_gets_503(string name, FakeResponse response)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(response);

        using var answer = await api.SendAsync("token");

        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, name);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.Empty(answer.Headers.WwwAuthenticate);
        Assert.Contains(log.Entries, entry => entry.Id.Name == "IntrospectionUnreachable" && entry.Level == LogLevel.Warning);
    }

    [Theory]
    [MemberData(nameof(RefusedCredentials))]
    public async Task Refused_credentials_of_the_API_get_503_and_a_logged_error(string name, FakeResponse response)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, options => options.ClientSecret = "s3cr3t", IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(response);

        Assert.True(await api.GetStatusAsync("opaque-token-1") == HttpStatusCode.ServiceUnavailable, name);
        Assert.Contains(log.Errors, text => text.Contains("the callers are not at fault", StringComparison.Ordinal) && text.Contains("ClientId", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Entries, entry => entry.Text.Contains("s3cr3t", StringComparison.Ordinal) || entry.Text.Contains("opaque-token-1", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(RefusedRequests))]
    public async Task A_rejected_introspection_request_gets_503_and_names_the_settings(string name, FakeResponse response)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(response);

        Assert.True(await api.GetStatusAsync("token") == HttpStatusCode.ServiceUnavailable, name);
        Assert.Contains(log.Errors, text => text.Contains("ResponseFormat", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2048, 2048, true)]
    [InlineData(2048, 2049, false)]
    [InlineData(64 * 1024, 65 * 1024, false)]
    [InlineData(128 * 1024, 65 * 1024, true)]
    public async Task The_size_of_an_answer_is_bounded_by_an_option(int maximum, int size, bool isRead)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, options => options.MaximumAnswerSize = maximum, IntrospectionApi.Logging(log));
        const string answer = """{"active":true,"aud":"api","client_id":"c","sub":"alice"}""";
        server.Introspection.Endpoint.Respond(FakeResponse.Text(answer.PadRight(size)));

        Assert.Equal(isRead ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        if (!isRead)
            Assert.Contains(log.Entries, entry => entry.Text.Contains($"larger than {maximum / 1024} KiB: see MaximumAnswerSize", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_text_of_the_server_is_escaped_in_the_log()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(FakeResponse.Text("""{"error":"x\nforged line <b>"}""", statusCode: 400));

        await api.GetStatusAsync("token");

        Assert.DoesNotContain(log.Entries, entry => entry.Text.Contains('\n', StringComparison.Ordinal) || entry.Text.Contains('<', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_of_an_unsupported_type_is_neither_inactive_nor_an_outage()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(FakeResponse.Text("""{"error":"unsupported_token_type"}""", statusCode: 400));

        Assert.Contains("type of the token is not supported", await api.GetChallengeAsync("token"), StringComparison.Ordinal);
        Assert.Contains(log.Entries, entry => entry.Text.Contains("AddJwksTokenSelector", StringComparison.Ordinal));
        Assert.Empty(log.Errors);
    }

    [Fact]
    public async Task An_empty_400_counts_as_inactive()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.Respond(FakeResponse.Status(400));

        Assert.Contains("not active", await api.GetChallengeAsync("token"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_reports_an_active_token_causes_one_warning()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));

        for (var count = 0; count < 50; count++)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync($"token-{count}"));

        Assert.Single(log.Entries, entry => entry.Id.Name == "IntrospectionNeverActive");
    }

    [Fact]
    public async Task A_server_that_reported_an_active_token_causes_no_such_warning()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));
        await api.GetStatusAsync(server.Introspection.CreateToken());

        for (var count = 0; count < 50; count++)
            await api.GetStatusAsync($"token-{count}");

        Assert.DoesNotContain(log.Entries, entry => entry.Id.Name == "IntrospectionNeverActive");
    }

    [Fact]
    public async Task A_request_to_a_hanging_server_times_out()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        await api.GetStatusAsync(server.Introspection.CreateToken());
        server.Introspection.Endpoint.Respond(FakeResponse.Hang);

        var request = api.GetStatusAsync("token");
        await server.Introspection.Endpoint.WaitForRequestsAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await request);
    }

    [Fact]
    public async Task A_server_that_is_down_gets_no_requests_for_a_while()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.Respond(FakeResponse.Status(503));
        for (var count = 0; count < 100; count++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync($"token-{count}"));
        Assert.Equal(10, server.Introspection.Endpoint.RequestCount);

        server.Introspection.Endpoint.Reset();
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task No_token_can_trip_the_circuit_breaker()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        server.Introspection.Endpoint.RespondTimes(50, FakeResponse.Status(500));
        for (var count = 0; count < 50; count++)
            await api.GetStatusAsync($"token-{count}");

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task Unreachable_metadata_at_the_start_gets_503_until_it_is_available()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        server.Respond(FakeResponse.Status(503));
        await using var api = await IntrospectionApi.StartAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));

        server.Reset();
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://issuer.test/introspect")]
    [InlineData("not an address")]
    public async Task Metadata_without_an_endpoint_that_may_be_used_names_the_setting(string? endpoint)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        server.CustomizeMetadata(metadata => metadata["introspection_endpoint"] = endpoint);
        await using var api = await IntrospectionApi.StartAsync(server, settings: IntrospectionApi.Logging(log));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        Assert.Contains(log.Errors, text => text.Contains("IntrospectionEndpoint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_response_after_a_redirect_is_not_read()
    {
        using var log = new RecordedLog();
        using var handler = new RedirectFollower();
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
            {
                options.Issuer = "https://issuer.test";
                options.IntrospectionEndpoint = "https://issuer.test/introspect";
                options.ClientId = "api";
                options.ClientSecret = "secret";
                options.Audience = "api";
                options.BackchannelHttpHandler = handler;
            }),
            IntrospectionApi.Logging(log));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        Assert.Contains(log.Entries, entry => entry.Text.Contains("https://elsewhere.test/introspect: a handler of the HTTP client followed a redirect", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_scheme_of_the_application_fails_and_the_others_work()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection().AddJwksBearer();
                services.TrustFakeJwksServer(server);
            },
            new TestApiSettings { Map = application => application.MapGet("/jwt", () => "ok").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Bearer").RequireAuthenticatedUser()) });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(null));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.CreateToken(), "/jwt"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, "/open"));
    }

    /// <summary>A handler of an application that follows redirects, as the framework's own does by default.</summary>
    private sealed class RedirectFollower : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage
        {
            RequestMessage = new HttpRequestMessage(HttpMethod.Post, "https://elsewhere.test/introspect"),
            Content = new StringContent("""{"active":true,"aud":"api","client_id":"client"}"""),
        });
    }
}
