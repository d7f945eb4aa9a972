using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.IntegrationTests.Sockets;

/// <summary>An API and a fake issuer, each on its own port; the test controls the time.</summary>
public abstract class SocketTests : IAsyncLifetime
{
    /// <summary>The minimum time between two fetches that tokens cause.</summary>
    protected static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    protected FakeClock Clock { get; } = new();

    protected FakeJwksServer Issuer { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256", TimeProvider = Clock });

    public async Task DisposeAsync() => await Issuer.DisposeAsync();

    private protected Task<KestrelApi> StartApiAsync(Action<JwksBearerOptions>? configure = null, RequestDelegate? onLeave = null) =>
        KestrelApi.StartAsync(
            Issuer.Issuer,
            options =>
            {
                options.TimeProvider = Clock;
                configure?.Invoke(options);
            },
            onLeave);

    /// <summary>An API that has its keys, and fetches again if the next token has an unknown kid.</summary>
    private protected async Task<KestrelApi> StartWarmApiAsync(Action<JwksBearerOptions>? configure = null, RequestDelegate? onLeave = null)
    {
        var api = await StartApiAsync(configure, onLeave);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));
        await api.WaitForArrivalsAsync(1);
        Clock.Advance(Cooldown);
        return api;
    }

    protected string CreateBogusToken() => Issuer.CreateToken(token => token.WithUnknownKeyId());
}
