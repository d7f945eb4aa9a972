using System.Net.Http.Headers;
using System.Security.Cryptography;
using JwksAuth.Testing;

namespace OpaqueTokens;

/// <summary>Runs the API with a fake authorization server and a new key, and sends it three requests.</summary>
internal sealed class Demonstration(FakeJwksServer server) : IAsyncDisposable
{
    public static async Task<Demonstration> StartAsync(WebApplicationBuilder builder)
    {
        var server = await FakeJwksServer.StartAsync(new() { Audience = "orders", Algorithm = "ES256" });
        using var key = RSA.Create(2048);
        builder.Logging.ClearProviders(); // the terminal shows only the demonstration
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["JwksAuth:KeyRing:Keys:0:Pem"] = key.ExportPkcs8PrivateKeyPem();
        builder.Services.TrustFakeIntrospection(server);
        return new Demonstration(server);
    }

    public async Task RunAsync(WebApplication app)
    {
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        server.Introspection.EncryptFor(client, new Uri(client.BaseAddress, "/jwks"));
        var token = server.Introspection.CreateToken(answer => answer["sub"] = "alice");

        Console.WriteLine($"GET /jwks                      {await client.GetStringAsync("/jwks")}");
        Console.WriteLine($"GET /orders with a good token  {await SendAsync(client, token)}");
        Console.WriteLine($"GET /orders with a bad token   {await SendAsync(client, "never-issued")}");
        await app.StopAsync();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task<string> SendAsync(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return $"{(int)response.StatusCode} {response.Headers.WwwAuthenticate}{await response.Content.ReadAsStringAsync()}";
    }
}
