using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>What callers and operators learn about a server that refuses to answer.</summary>
public sealed class IntrospectionCallTests : IAsyncLifetime
{
    private readonly RecordedLog _log = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await IntrospectionApi.StartServerAsync(new FakeClock());

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("299", 299)]
    [InlineData("300", 300)]
    [InlineData("3600", 300)]
    public async Task Retry_After_is_5_minutes_at_most(string retryAfter, int seconds)
    {
        await using var api = await IntrospectionApi.StartAsync(_server);
        _server.Introspection.Endpoint.RespondOnce(FakeResponse.Status(503).WithHeader("Retry-After", retryAfter));

        using var response = await api.SendAsync("token");

        Assert.Equal((503, seconds), ((int)response.StatusCode, response.Headers.RetryAfter?.Delta?.TotalSeconds));
    }

    [Theory]
    [InlineData("", "status 500", ", error")]
    [InlineData("""{"error":"server_error"}""", "status 500, error server_error", "active")]
    public async Task The_log_has_the_error_where_the_server_names_one(string body, string expected, string unexpected)
    {
        await using var api = await IntrospectionApi.StartAsync(_server, settings: IntrospectionApi.Logging(_log));
        _server.Introspection.Endpoint.RespondOnce(FakeResponse.Text(body, statusCode: 500));

        using var response = await api.SendAsync("token");

        var entry = Assert.Single(_log.Entries, entry => entry.Text.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(unexpected, entry.Text, StringComparison.Ordinal);
    }
}
