using System.Net.Http.Headers;
using System.Security.Cryptography;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace OpaqueTokens.Tests;

/// <summary>The unchanged API, except that it has a key created for the test and uses a fake authorization server.</summary>
public sealed class OrdersApiFactory(FakeJwksServer server) : WebApplicationFactory<Program>
{
    public HttpClient CreateClient(string? token)
    {
        var client = CreateClient();
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        using var key = RSA.Create(2048);
        builder.UseSetting("JwksAuth:KeyRing:Keys:0:Pem", key.ExportPkcs8PrivateKeyPem());
        builder.ConfigureTestServices(services => services.TrustFakeIntrospection(server));
    }
}
