using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Testing;

public sealed class FakeEndpointCachingTests : IAsyncLifetime
{
    private FakeJwksServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await FakeServerFixtures.StartAsync(inProcess: true);
        _client = _server.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_unchanged_document_is_304_to_its_ETag_until_it_changes()
    {
        using var first = await GetAsync();
        Assert.False(first.Headers.ETag!.IsWeak);

        using var unchanged = await GetAsync(first.Headers.ETag);
        _server.RotateKey();
        using var changed = await GetAsync(first.Headers.ETag);

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(first.Headers.ETag, unchanged.Headers.ETag);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(first.Headers.ETag, changed.Headers.ETag);
    }

    [Fact]
    public async Task ETags_can_be_switched_off()
    {
        using var first = await GetAsync();
        _server.Jwks.UseETag = false;

        using var second = await GetAsync(first.Headers.ETag);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Null(second.Headers.ETag);
    }

    [Fact]
    public async Task Cache_headers_are_sent_until_reset()
    {
        _server.Jwks.SetHeader("Cache-Control", "max-age=60");
        _server.Jwks.SetHeader("Age", "30");
        _server.Jwks.SetHeader("Expires", "soon");
        _server.Jwks.SetHeader("Expires", null);
        using var cached = await GetAsync();

        _server.Jwks.Reset();
        using var plain = await GetAsync();

        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30)), (cached.Headers.CacheControl?.MaxAge, cached.Headers.Age));
        Assert.False(cached.Content.Headers.Contains("Expires"));
        Assert.Null(plain.Headers.CacheControl);
    }

    [Fact]
    public async Task One_response_can_have_its_own_headers()
    {
        _server.Jwks.SetHeader("Cache-Control", "max-age=60");
        _server.Jwks.RespondOnce(FakeResponse.Regular.WithHeader("Cache-Control", "no-store").WithHeader("Content-Type", "application/jwk-set+json"));

        using var response = await GetAsync();

        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("application/jwk-set+json", response.Content.Headers.ContentType?.ToString());
    }

    private Task<HttpResponseMessage> GetAsync() => _client.GetAsync(_server.JwksUri);

    private async Task<HttpResponseMessage> GetAsync(EntityTagHeaderValue? ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.JwksUri);
        request.Headers.IfNoneMatch.Add(ifNoneMatch!);
        return await _client.SendAsync(request);
    }
}
