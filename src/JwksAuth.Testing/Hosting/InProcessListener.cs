using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace JwksAuth.Testing;

/// <summary>A <see cref="TestServer"/>: requests reach it through its handlers only.</summary>
internal sealed class InProcessListener(RequestDelegate handle) : IFakeListener
{
    private volatile WebApplication? _application;

    public string BaseAddress => "https://issuer.test";

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _application ??= await FakeServerApplication.StartAsync(host => host.UseTestServer(), handle, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _application, null) is { } application)
        {
            await application.StopAsync(cancellationToken);
            await application.DisposeAsync();
        }
    }

    public HttpMessageHandler CreateHandler() => new Handler(this);

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>Survives restarts, and fails as a network does.</summary>
    private sealed class Handler(InProcessListener listener) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var application = listener._application
                ?? throw new HttpRequestException(HttpRequestError.ConnectionError, "The fake server is stopped.");
            try
            {
                using var invoker = new HttpMessageInvoker(application.GetTestServer().CreateHandler());
                return await invoker.SendAsync(request, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The fake server broke the connection.", exception);
            }
        }
    }
}
