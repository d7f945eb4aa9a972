using JwksAuth.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.Tests;

public sealed class OrdersApi : WebApplicationFactory<Program>
{
    private OrdersApi(FakeJwksServer issuer) => Issuer = issuer;

    public FakeJwksServer Issuer { get; }

    public static async Task<OrdersApi> StartAsync() =>
        new(await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Audience = "orders-api", Algorithm = "ES256" }));

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.ConfigureTestServices(services => services.TrustFakeJwksServer(Issuer));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
