using System.IO.Compression;
using System.Net;
using System.Text;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;

namespace JwksAuth.IntegrationTests.Keys.Retrieval;

/// <summary>Requests to an issuer, and the effect of its status, headers and body.</summary>
public sealed class RetrievalOverHttpTests : StubbedIssuerTests
{
    private const int MaximumBytes = 512 * 1024;

    [Fact]
    public async Task A_request_has_User_Agent_and_Accept_and_no_other_headers()
    {
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks).WithHeader("Set-Cookie", "session=1; Path=/"));
        await using var api = await StartWarmApiAsync();
        await api.GetStatusAsync(Issuer.CreateToken("unknown"));

        Assert.Equal(2, Issuer.RequestsFor(StubbedIssuer.JwksPath).Count);
        foreach (var request in Issuer.Server.LogEntries.Select(entry => entry.RequestMessage!))
        {
            Assert.Equal("GET", request.Method);
            Assert.Equal("application/json, application/jwk-set+json", HeaderOf(request, "Accept"));
            Assert.StartsWith("JwksAuth/", HeaderOf(request, "User-Agent"), StringComparison.Ordinal);
            Assert.Empty(request.Headers!.Keys.Except(["Accept", "Cache-Control", "User-Agent", "Host", "traceparent"]));
        }
    }

    [Fact]
    public async Task A_304_to_the_last_entity_tag_keeps_the_keys()
    {
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks).WithHeader("ETag", "\"v1\""));
        Issuer.Server
            .Given(Request.Create().WithPath(StubbedIssuer.JwksPath).WithHeader("If-None-Match", "\"v1\""))
            .AtPriority(-1)
            .RespondWith(Response.Create().WithStatusCode(304));
        await using var api = await StartWarmApiAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Issuer.CreateToken("unknown")));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));

        Assert.Equal([null, "\"v1\""], Issuer.RequestsFor(StubbedIssuer.JwksPath).Select(request => HeaderOf(request, "If-None-Match")));
        Assert.Equal(0, Assert.Single(api.Keys.GetStatus()).FailuresInARow);
    }

    [Fact]
    public async Task A_refresh_by_an_operator_bypasses_every_cache()
    {
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks).WithHeader("ETag", "\"v1\""));
        await using var api = await StartWarmApiAsync();

        Assert.Null(await RefreshAsync(api));

        var refresh = Issuer.RequestsFor(StubbedIssuer.JwksPath)[^1];
        Assert.Equal("no-cache", HeaderOf(refresh, "Cache-Control"));
        Assert.Null(HeaderOf(refresh, "If-None-Match"));
    }

    [Theory]
    [InlineData("max-age=120", null, 96, 120)]
    [InlineData("max-age=240", "60", 144, 180)]
    [InlineData("max-age=86400", null, 240, 300)]
    [InlineData("no-store", null, 60, 75)]
    public async Task Caching_headers_bring_the_next_fetch_forward_and_never_delay_it(string caching, string? age, int earliest, int latest)
    {
        var response = StubbedIssuer.JsonResponse(Issuer.Jwks).WithHeader("Cache-Control", caching);
        Issuer.Stub(StubbedIssuer.JwksPath, age is null ? response : response.WithHeader("Age", age));
        await using var api = await StartApiAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));

        Assert.InRange(Assert.Single(api.Keys.GetStatus()).NextFetchIn!.Value, TimeSpan.FromSeconds(earliest), TimeSpan.FromSeconds(latest));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(203)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_status_other_than_200_gives_no_keys_with_any_body(int status)
    {
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks).WithStatusCode(status));
        await using var api = await StartApiAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Issuer.CreateToken()));
        Assert.Contains($"status {status}", Assert.Single(api.Keys.GetStatus()).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task An_issuer_that_sends_Retry_After_is_not_queried_before_that_time(int status)
    {
        await using var api = await StartWarmApiAsync();
        Issuer.Stub(StubbedIssuer.JwksPath, Response.Create().WithStatusCode(status).WithHeader("Retry-After", "45"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Issuer.CreateToken("unknown")));
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks));

        Clock.Advance(TimeSpan.FromSeconds(44));
        await api.GetStatusAsync(Issuer.CreateToken("unknown"));
        Assert.Equal(2, Issuer.RequestsFor(StubbedIssuer.JwksPath).Count);

        Clock.Advance(TimeSpan.FromSeconds(1));
        await api.GetStatusAsync(Issuer.CreateToken("unknown")); // joins the background fetch that is due now, or causes one
        Assert.NotEqual(2, Issuer.RequestsFor(StubbedIssuer.JwksPath).Count);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_even_to_good_keys_on_the_same_server(int status)
    {
        Issuer.Stub("/moved", StubbedIssuer.JsonResponse(Issuer.Jwks));
        Issuer.Stub(StubbedIssuer.JwksPath, Response.Create().WithStatusCode(status).WithHeader("Location", "/moved"));
        await using var api = await StartApiAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Issuer.CreateToken()));
        Assert.Contains($"redirects to {Issuer.Address}/moved, which is not allowed", Assert.Single(api.Keys.GetStatus()).LastError, StringComparison.Ordinal);
        Assert.Empty(Issuer.RequestsFor("/moved"));
    }

    [Fact]
    public async Task Keys_from_an_address_that_a_handler_was_redirected_to_are_not_used()
    {
        Issuer.Stub("/moved", StubbedIssuer.JsonResponse(Issuer.Jwks));
        Issuer.Stub(StubbedIssuer.JwksPath, Response.Create().WithStatusCode(302).WithHeader("Location", "/moved"));
        using var handler = new SocketsHttpHandler(); // follows redirects by default
        await using var api = await StartApiAsync(options => options.BackchannelHttpHandler = handler);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Issuer.CreateToken()));
        Assert.Contains($"{Issuer.Address}/moved: a handler of the HTTP client followed a redirect", Assert.Single(api.Keys.GetStatus()).LastError, StringComparison.Ordinal);
        Assert.NotEmpty(Issuer.RequestsFor("/moved"));
    }

    [Theory]
    [InlineData(MaximumBytes, true)]
    [InlineData(MaximumBytes + 1, false)]
    public async Task The_size_of_a_key_set_is_limited(int size, bool isRead)
    {
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks.PadRight(size)));
        await using var api = await StartApiAsync();

        Assert.Equal(isRead ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Issuer.CreateToken()));
        var error = Assert.Single(api.Keys.GetStatus()).LastError;
        Assert.Equal(isRead ? null : $"The document at {Issuer.Address}/jwks is larger than 512 KiB.", error);
    }

    [Theory]
    [InlineData("application/jwk-set+json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Keys_of_any_media_type_are_read(string? type)
    {
        var response = Response.Create().WithBody(Encoding.UTF8.GetBytes(Issuer.Jwks));
        Issuer.Stub(StubbedIssuer.JwksPath, type is null ? response : response.WithHeader("Content-Type", type));
        await using var api = await StartApiAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br", true)]
    [InlineData("br", false)]
    public async Task A_compressed_key_set_is_read_and_one_that_is_only_labelled_as_such_is_not(string coding, bool isCompressed)
    {
        using var compressed = new MemoryStream();
        using (Stream encoder = coding == "br" ? new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            encoder.Write(Encoding.UTF8.GetBytes(Issuer.Jwks));
        Issuer.Stub(
            StubbedIssuer.JwksPath,
            Response.Create().WithBody(isCompressed ? compressed.ToArray() : Encoding.UTF8.GetBytes(Issuer.Jwks)).WithHeader("Content-Encoding", coding));
        await using var api = await StartApiAsync();

        Assert.Equal(isCompressed ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Issuer.CreateToken()));
        if (!isCompressed)
            Assert.Contains("is not encoded as its Content-Encoding states", Assert.Single(api.Keys.GetStatus()).LastError, StringComparison.Ordinal);
    }

    private static string? HeaderOf(IRequestMessage request, string name) =>
        request.Headers!.TryGetValue(name, out var values) ? string.Join(", ", values) : null;
}
