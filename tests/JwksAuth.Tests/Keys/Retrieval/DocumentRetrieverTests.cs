using System.Net;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Keys.Retrieval;

public class DocumentRetrieverTests
{
    [Theory]
    [InlineData("https://issuer.test/jwks", true, true, true)]
    [InlineData("http://localhost:5000/jwks", false, true, true)]
    [InlineData("http://127.0.0.1/jwks", false, true, true)]
    [InlineData("http://[::1]/jwks", false, true, true)]
    [InlineData("http://issuer.test/jwks", false, false, true)]
    [InlineData("http://localhost.issuer.test/jwks", false, false, true)]
    [InlineData("http://10.0.0.1/jwks", false, false, true)]
    [InlineData("file:///etc/passwd", false, false, false)]
    [InlineData("ftp://issuer.test/jwks", false, false, false)]
    public void The_settings_decide_which_addresses_are_allowed(string address, bool usually, bool withLoopback, bool withAnyHttp)
    {
        var uri = new Uri(address);

        Assert.Equal(usually, IsAllowed(uri, new RetrievalSettings(false, false, null, null)));
        Assert.Equal(withLoopback, IsAllowed(uri, new RetrievalSettings(true, false, null, null)));
        Assert.Equal(withAnyHttp, IsAllowed(uri, new RetrievalSettings(true, true, null, null)));
    }

    [Theory]
    [InlineData("http://issuer.test/jwks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("jwks")]
    public async Task No_request_is_sent_to_an_address_that_is_not_allowed(string address)
    {
        var server = new Server(_ => throw new InvalidOperationException("Nothing may be sent."));

        Assert.Equal(FetchFailure.InsecureAddress, (await GetAsync(server, address)).Failure);
    }

    [Fact]
    public async Task A_redirect_that_a_handler_followed_is_refused()
    {
        var server = new Server(request =>
        {
            request.RequestUri = new Uri("https://elsewhere.test/jwks");
            return Answer(request, "{}");
        });

        Assert.Equal(FetchFailure.Redirect, (await GetAsync(server)).Failure);
    }

    [Fact]
    public async Task A_cancellation_by_a_handler_is_a_timeout()
    {
        var server = new Server(_ => throw new TaskCanceledException());

        Assert.Equal(FetchFailure.Timeout, (await GetAsync(server)).Failure);
    }

    [Fact]
    public async Task A_cancellation_by_the_caller_throws()
    {
        using var caller = new CancellationTokenSource();
        var server = new Server(_ =>
        {
            caller.Cancel();
            throw new OperationCanceledException(caller.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GetAsync(server, cancellationToken: caller.Token));
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_body_is_unreachable()
    {
        var server = new Server(request => Answer(request, new StreamContent(new BrokenStream())));

        Assert.Equal(FetchFailure.Unreachable, (await GetAsync(server)).Failure);
    }

    [Fact]
    public async Task A_conditional_request_can_also_bypass_caches()
    {
        var conditions = new List<string>();
        var server = new Server(request =>
        {
            conditions.Add($"{request.Headers.IfNoneMatch} {request.Headers.CacheControl}".Trim());
            return Answer(request, "{}");
        });

        await GetAsync(server, etag: "\"1\"");
        await GetAsync(server, etag: "\"1\"", asksOrigin: true);
        await GetAsync(server, etag: "no entity tag");

        Assert.Equal(["\"1\"", "\"1\" no-cache", ""], conditions);
    }

    [Theory]
    [InlineData("max-age=60", null, 60)]
    [InlineData("max-age=60", "20", 40)]
    [InlineData("max-age=60", "90", -30)]
    [InlineData("no-cache, max-age=60", null, 0)]
    [InlineData("no-store", null, 0)]
    [InlineData("private", null, null)]
    [InlineData("???", null, null)]
    public async Task Caching_headers_decide_how_long_a_response_is_fresh(string caching, string? age, int? seconds)
    {
        var server = new Server(request =>
        {
            var response = Answer(request, "{}");
            response.Headers.TryAddWithoutValidation("Cache-Control", caching);
            response.Headers.TryAddWithoutValidation("Age", age);
            return response;
        });

        Assert.Equal(seconds, (await GetAsync(server)).FreshFor?.TotalSeconds);
    }

    private static bool IsAllowed(Uri uri, RetrievalSettings settings) => AddressGate.TryPass(uri.OriginalString, settings, out _, out _);

    private static async Task<RetrievedDocument> GetAsync(
        Server server, string address = "https://issuer.test/jwks", string? etag = null, bool asksOrigin = false, CancellationToken cancellationToken = default)
    {
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var retriever = new DocumentRetriever(services.GetRequiredService<IHttpClientFactory>(), new RetrievalSettings(true, false, null, server), TimeProvider.System);
        return await retriever.GetAsync(address, etag, asksOrigin, cancellationToken);
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, string body) => Answer(request, new StringContent(body));

    private static HttpResponseMessage Answer(HttpRequestMessage request, HttpContent content) =>
        new(HttpStatusCode.OK) { RequestMessage = request, Content = content };

    private sealed class Server(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("reset");
    }
}
