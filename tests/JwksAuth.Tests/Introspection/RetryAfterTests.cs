using System.IO.Compression;
using System.Net;
using System.Text;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection;

/// <summary>Retry-After of the server is respected for all tokens and a bounded time; a refusal of one token does not affect others.</summary>
public sealed class RetryAfterTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await IntrospectionApi.StartServerAsync(_clock);

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData(429, "30", 30)]
    [InlineData(503, "30", 30)]
    [InlineData(503, "+00:00:30", 30)]
    [InlineData(429, "3600", 60)]
    public async Task The_server_gets_no_request_before_Retry_After(int status, string retryAfter, int seconds)
    {
        await using var api = await IntrospectionApi.StartAsync(_server);
        var known = _server.Introspection.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(known));
        var header = retryAfter[0] == '+' ? (_clock.GetUtcNow() + TimeSpan.Parse(retryAfter[1..])).ToString("R") : retryAfter;
        _server.Introspection.Endpoint.RespondOnce(FakeResponse.Status(status).WithHeader("Retry-After", header));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("first"));

        var good = _server.Introspection.CreateToken();
        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        using var refused = await api.SendAsync(good);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (refused.StatusCode, refused.Headers.RetryAfter?.Delta?.TotalSeconds));
        Assert.Equal(2, _server.Introspection.Endpoint.RequestCount);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(good));
    }

    [Fact]
    public async Task A_429_without_Retry_After_applies_to_one_token_only()
    {
        await using var api = await IntrospectionApi.StartAsync(_server);
        _server.Introspection.Endpoint.RespondOnce(FakeResponse.Status(429));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("junk"));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task Requests_have_a_user_agent_and_compressed_responses_are_read()
    {
        await using var api = await IntrospectionApi.StartAsync(_server);
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes("""{"active":true,"aud":"api","client_id":"c","sub":"alice","token_type":"Bearer"}"""));
        _server.Introspection.Endpoint.Respond(FakeResponse.Bytes(body.ToArray()).WithHeader("Content-Encoding", "gzip"));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync("token"));
        Assert.All(_server.Requests, request => Assert.StartsWith("JwksAuth/", request.Headers["User-Agent"], StringComparison.Ordinal));
    }
}
