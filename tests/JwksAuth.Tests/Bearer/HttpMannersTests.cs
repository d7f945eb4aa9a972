using System.IO.Compression;
using System.Net;
using System.Text;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer;

/// <summary>HTTP client behaviour: User-Agent, Retry-After and content codings.</summary>
public sealed class HttpMannersTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    [Fact]
    public async Task Every_request_has_a_user_agent()
    {
        await using var api = await StartAsync();

        Assert.Equal(2, _issuer.Requests.Count);
        Assert.All(_issuer.Requests, request => Assert.StartsWith("JwksAuth/", request.Headers["User-Agent"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_of_the_application_keeps_its_own_user_agent()
    {
        using var backchannel = new HttpClient(_issuer.CreateHandler());
        backchannel.DefaultRequestHeaders.UserAgent.ParseAdd("shop/2.0");
        await using var api = await TestApi.StartAsync(_issuer, options => (options.BackchannelHttpHandler, options.Backchannel) = (null, backchannel), settings: null);
        await api.GetStatusAsync(_issuer.CreateToken());

        Assert.All(_issuer.Requests, request => Assert.DoesNotContain("shop/2.0, JwksAuth", request.Headers["User-Agent"], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZIP")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    public async Task A_content_coding_is_decoded(string coding)
    {
        var jwks = await GetAsync(_issuer.JwksUri);
        var metadata = await GetAsync(_issuer.MetadataAddress);
        _issuer.Jwks.Respond(FakeResponse.Bytes(Encode(jwks, coding)).WithHeader("Content-Encoding", coding));
        _issuer.OpenIdConfiguration.Respond(FakeResponse.Bytes(Encode(metadata, coding)).WithHeader("Content-Encoding", coding));

        await using var api = await StartAsync();
    }

    [Theory]
    [InlineData("zstd", "has a content coding other than gzip, br and deflate")]
    [InlineData("compress", "has a content coding other than gzip, br and deflate")]
    [InlineData("gzip, gzip, gzip", "has a content coding other than gzip, br and deflate")]
    [InlineData("gzip", "is not encoded as its Content-Encoding states")]
    [InlineData("br", "is not encoded as its Content-Encoding states")]
    public async Task A_content_coding_that_cannot_be_decoded_is_named(string coding, string error)
    {
        _issuer.Jwks.SetHeader("Content-Encoding", coding);
        await using var api = await TestApi.StartAsync(_issuer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Contains(error, Assert.Single(api.Manager.GetStatus()).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_small_body_that_decodes_to_a_large_one_is_too_large(string coding)
    {
        var large = Encode(Encoding.UTF8.GetBytes(new string(' ', 64 * 1024 * 1024) + "{}"), coding);
        _issuer.Jwks.Respond(FakeResponse.Bytes(large).WithHeader("Content-Encoding", coding));
        await using var api = await TestApi.StartAsync(_issuer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Contains("is larger than 512 KiB", Assert.Single(api.Manager.GetStatus()).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "120", 120)]
    [InlineData(503, "+00:02:00", 120)]
    [InlineData(429, "+00:02:00", 120)]
    [InlineData(429, "86400", 300)]
    [InlineData(503, "+1.00:00:00", 300)]
    public async Task Retry_After_of_the_issuer_is_respected(int status, string retryAfter, int seconds)
    {
        await using var api = await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        var header = retryAfter[0] == '+' ? (_clock.GetUtcNow() + TimeSpan.Parse(retryAfter[1..])).ToString("R") : retryAfter;
        _issuer.Jwks.Respond(FakeResponse.Status(status).WithHeader("Retry-After", header));
        for (var passed = 0; passed < seconds; passed += 10)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithUnknownKeyId())));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
            Assert.Equal(2, _issuer.JwksRequestCount);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        await _issuer.WaitForJwksRequestsAsync(3);
        Assert.Equal(3, _issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("Mon, 01 Jan 2001 00:00:00 GMT")]
    public async Task An_unreadable_Retry_After_changes_nothing(string retryAfter)
    {
        await using var api = await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        _issuer.Jwks.Respond(FakeResponse.Status(503).WithHeader("Retry-After", retryAfter));
        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithUnknownKeyId()));

        Assert.Equal(TimeSpan.FromSeconds(10), Assert.Single(api.Manager.GetStatus()).NextFetchIn);
    }

    [Fact]
    public async Task An_operator_need_not_wait_and_a_start_without_keys_tells_callers_when_to_retry()
    {
        _issuer.OpenIdConfiguration.Respond(FakeResponse.Status(503).WithHeader("Retry-After", "90"));
        await using var api = await TestApi.StartAsync(_issuer);
        using var refused = await api.SendAsync(_issuer.CreateToken());
        Assert.Equal(TimeSpan.FromSeconds(90), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(1, _issuer.MetadataRequestCount);

        _issuer.Reset();
        Assert.Equal(JwksRefreshOutcome.Changed, Assert.Single(await api.Manager.RefreshAsync()).Outcome);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    private async Task<TestApi> StartAsync()
    {
        var api = await TestApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        return api;
    }

    private async Task<byte[]> GetAsync(string address)
    {
        using var client = new HttpClient(_issuer.CreateHandler());
        return await client.GetByteArrayAsync(new Uri(address));
    }

    private static byte[] Encode(byte[] body, string codings)
    {
        foreach (var coding in codings.Split(", "))
        {
            using var encoded = new MemoryStream();
            using (Stream stream = coding.ToUpperInvariant() switch
            {
                "BR" => new BrotliStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
                "DEFLATE" => new ZLibStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
                "IDENTITY" => new BufferedStream(new KeptOpen(encoded)),
                _ => new GZipStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            })
            {
                stream.Write(body);
            }

            body = encoded.ToArray();
        }

        return body;
    }

    private sealed class KeptOpen(MemoryStream target) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);
    }
}
