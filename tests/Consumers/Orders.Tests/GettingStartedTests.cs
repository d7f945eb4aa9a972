using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Orders.Tests;

public class GettingStartedTests
{
    [Fact]
    public async Task Orders_are_for_callers_with_a_token()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync();
        await using var api = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services => services.TrustFakeJwksServer(issuer)));
        using var client = api.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/orders")).StatusCode);

        client.DefaultRequestHeaders.Authorization = new("Bearer", issuer.CreateToken(token => token.WithAudience("orders-api")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/orders")).StatusCode);
    }
}
