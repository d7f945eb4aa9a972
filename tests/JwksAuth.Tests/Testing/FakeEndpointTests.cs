using JwksAuth.Testing;

namespace JwksAuth.Tests.Testing;

/// <summary>The same responses over a socket and in-process.</summary>
public abstract class FakeEndpointTests(bool inProcess) : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await FakeServerFixtures.StartAsync(inProcess, _clock);
        _client = _server.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Respond_applies_until_reset()
    {
        _server.Jwks.Respond(FakeResponse.Status(503));

        Assert.Equal([503, 503], await StatusesAsync(_server.JwksUri, _server.JwksUri));
        _server.Reset();
        Assert.Equal(200, await StatusAsync());
    }

    [Fact]
    public async Task Queued_responses_are_used_in_order_before_that_of_Respond()
    {
        _server.Jwks.Respond(FakeResponse.NotFound);
        _server.Jwks.RespondOnce(FakeResponse.Status(500));
        _server.Jwks.RespondTimes(2, FakeResponse.Status(502));
        _server.Jwks.RespondOnce(FakeResponse.Regular);

        var address = _server.JwksUri;
        Assert.Equal([500, 502, 502, 200, 404], await StatusesAsync(address, address, address, address, address));
        Assert.Equal(5, _server.JwksRequestCount);
    }

    [Fact]
    public async Task A_single_endpoint_can_be_absent()
    {
        _server.OpenIdConfiguration.Respond(FakeResponse.NotFound);

        Assert.Equal(404, await StatusAsync(_server.MetadataAddress));
        Assert.Equal(200, await StatusAsync(_server.OAuthMetadata.Uri));
    }

    [Fact]
    public async Task A_whole_issuer_can_fail()
    {
        _server.Respond(FakeResponse.Status(500));

        Assert.Equal([500, 500, 500], await StatusesAsync(_server.MetadataAddress, _server.OAuthMetadata.Uri, _server.JwksUri));
    }

    [Fact]
    public async Task Text_has_its_body_media_type_and_status()
    {
        _server.Jwks.Respond(FakeResponse.Text("<html>", "text/html", 418));

        using var response = await GetAsync();

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("<html>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_can_be_any_bytes_without_a_media_type()
    {
        _server.Jwks.Respond(FakeResponse.Bytes(new byte[] { 0xFF, 0x00 }, contentType: null));

        using var response = await GetAsync();

        Assert.Null(response.Content.Headers.ContentType);
        Assert.Equal([0xFF, 0x00], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_key_set_can_be_empty()
    {
        _server.Jwks.Respond(FakeResponse.EmptyKeySet);

        Assert.Equal("""{"keys":[]}""", await _client.GetStringAsync(_server.JwksUri));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_oversize_document_is_valid_except_for_its_size(bool chunked)
    {
        _server.Jwks.Respond(FakeResponse.Oversize(600_000, chunked));

        using var response = await _client.GetAsync(_server.JwksUri, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(chunked ? null : 600_000, response.Content.Headers.ContentLength);
        Assert.Equal(600_000, (await response.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal([_server.CurrentKey.KeyId], await _client.GetKeyIdsAsync(_server.JwksUri));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _server.Jwks.Respond(FakeResponse.Redirect("https://evil.test/jwks", 307));

        using var response = await GetAsync();

        Assert.Equal(307, (int)response.StatusCode);
        Assert.Equal("https://evil.test/jwks", response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task An_aborted_connection_is_an_HttpRequestException()
    {
        _server.Jwks.RespondOnce(FakeResponse.Abort);

        await Assert.ThrowsAsync<HttpRequestException>(GetAsync);
        Assert.Equal(200, await StatusAsync());
    }

    [Fact]
    public async Task A_hanging_response_ends_when_the_client_gives_up()
    {
        _server.Jwks.Respond(FakeResponse.Hang);
        using var patience = new CancellationTokenSource();
        var request = _client.GetAsync(_server.JwksUri, patience.Token);
        await _server.WaitForJwksRequestsAsync(1);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task A_drip_sends_one_byte_for_each_interval_of_the_clock()
    {
        _server.Jwks.Respond(FakeResponse.Drip(TimeSpan.FromSeconds(1)));
        using var response = await _client.GetAsync(_server.JwksUri, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16];

        for (var second = 0; second < 3; second++)
        {
            await _clock.WaitForTimersAsync(1);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, await body.ReadAsync(buffer));
            Assert.Equal((byte)' ', buffer[0]);
        }
    }

    [Fact]
    public async Task A_delayed_response_follows_the_clock()
    {
        _server.Jwks.RespondOnce(FakeResponse.Regular.After(TimeSpan.FromSeconds(2)));
        var request = StatusAsync();
        await _clock.WaitForTimersAsync(1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _clock.ActiveTimers);
        Assert.False(request.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await request);
    }

    [Fact]
    public async Task Held_requests_are_counted_at_once_and_their_responses_have_the_keys_at_release()
    {
        var gate = _server.HoldResponses();
        var keys = _client.GetKeyIdsAsync(_server.JwksUri);
        var metadata = StatusAsync(_server.MetadataAddress);
        await _server.WaitForJwksRequestsAsync(1);
        await _server.OpenIdConfiguration.WaitForRequestsAsync(1);
        var rotated = _server.RotateKey();
        Assert.False(keys.IsCompleted);
        Assert.False(metadata.IsCompleted);

        gate.Dispose();
        gate.Dispose();

        Assert.Contains(rotated.KeyId, await keys);
        Assert.Equal(200, await metadata);
    }

    [Fact]
    public async Task The_last_of_several_gates_releases_the_responses()
    {
        using var first = _server.Jwks.HoldResponses();
        using var second = _server.Jwks.HoldResponses();
        var request = StatusAsync();
        await _server.WaitForJwksRequestsAsync(1);

        first.Dispose();
        Assert.False(request.IsCompleted);

        second.Dispose();
        Assert.Equal(200, await request);
    }

    [Fact]
    public async Task A_wait_for_requests_ends_with_the_last_request_or_on_cancellation()
    {
        using var source = new CancellationTokenSource();
        var two = _server.WaitForJwksRequestsAsync(2);
        var three = _server.WaitForJwksRequestsAsync(3, source.Token);

        await GetAsync();
        Assert.False(two.IsCompleted);
        await GetAsync();
        await two;
        await _server.WaitForJwksRequestsAsync(1);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => three);
    }

    private Task<HttpResponseMessage> GetAsync() => _client.GetAsync(_server.JwksUri);

    private async Task<List<int>> StatusesAsync(params string[] addresses)
    {
        List<int> statuses = [];
        foreach (var address in addresses)
        {
            statuses.Add(await StatusAsync(address));
        }

        return statuses;
    }

    private async Task<int> StatusAsync(string? address = null)
    {
        using var response = await _client.GetAsync(address ?? _server.JwksUri);
        return (int)response.StatusCode;
    }
}

public sealed class FakeEndpointOnLoopbackTests() : FakeEndpointTests(inProcess: false);

public sealed class FakeEndpointInProcessTests() : FakeEndpointTests(inProcess: true);
