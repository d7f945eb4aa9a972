using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Testing;

/// <summary>Kestrel on a free port of 127.0.0.1.</summary>
internal sealed class LoopbackListener(RequestDelegate handle) : IFakeListener
{
    private WebApplication? _application;
    private IPEndPoint _endpoint = new(IPAddress.Loopback, 0);
    private Socket? _reservation;

    public string BaseAddress => $"http://{_endpoint}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_application is not null)
            return;

        _application = await FakeServerApplication.StartAsync(UseKestrel, handle, cancellationToken);
        var address =
            _application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        _endpoint = new(IPAddress.Loopback, new Uri(address).Port);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (await StopApplicationAsync(cancellationToken))
        {
            // Bound but not listening: connections are refused, and no other process is given the port before a restart.
            _reservation = SocketTransportOptions.CreateDefaultBoundListenSocket(_endpoint);
        }
    }

    public HttpMessageHandler CreateHandler() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };

    public async ValueTask DisposeAsync()
    {
        await StopApplicationAsync(CancellationToken.None);
        _reservation?.Dispose();
    }

    private async Task<bool> StopApplicationAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _application, null) is not { } application)
            return false;

        await application.StopAsync(cancellationToken);
        await application.DisposeAsync();
        return true;
    }

    private void UseKestrel(IWebHostBuilder host) => host
        .UseKestrelCore()
        .UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint =>
            Interlocked.Exchange(ref _reservation, null) ?? SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint))
        .ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(_endpoint);
        });
}
