using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>A resource server's RSA key for encryption, whose public half is served as a JWKS on loopback.</summary>
internal sealed class PublishedEncryptionKey : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PublishedEncryptionKey(WebApplication app) => _app = app;

    public RSA Key { get; private set; } = RSA.Create(2048);

    public string KeyId { get; private set; } = Guid.NewGuid().ToString("N");

    public string JwksUri => $"{_app.Urls.Single()}/jwks";

    public static async Task<PublishedEncryptionKey> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var published = new PublishedEncryptionKey(builder.Build());
        published._app.Urls.Add("http://127.0.0.1:0");
        published._app.MapGet("/jwks", published.ToKeySet);
        await published._app.StartAsync();
        return published;
    }

    /// <summary>Publishes a new key in place of the old one.</summary>
    public void Rotate()
    {
        Key.Dispose();
        Key = RSA.Create(2048);
        KeyId = Guid.NewGuid().ToString("N");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private JsonObject ToKeySet()
    {
        var parameters = Key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "enc",
                ["kid"] = KeyId,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            }),
        };
    }
}
