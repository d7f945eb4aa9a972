using System.Net.Http.Headers;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace MinimalApi.Tests;

/// <summary>The unchanged API, except that it trusts a fake issuer.</summary>
public sealed class OrdersApiFactory(FakeJwksServer issuer) : WebApplicationFactory<Program>
{
    public HttpClient CreateClient(string? token)
    {
        var client = CreateClient();
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.ConfigureTestServices(services => services.TrustFakeJwksServer(issuer));
}
