using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Orders.Tests;

public class PackageReadmeTests
{
    [Fact]
    public async Task Orders_need_a_token()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Audience = "orders-api" });
        await using var application = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services => services.TrustFakeJwksServer(issuer)));
        using var client = application.CreateClient();

        client.DefaultRequestHeaders.Authorization = new("Bearer", issuer.CreateToken(token => token.WithScope("orders.read")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/orders")).StatusCode);

        client.DefaultRequestHeaders.Authorization = new("Bearer", issuer.CreateToken(token => token.Expired()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/orders")).StatusCode);
    }
}
