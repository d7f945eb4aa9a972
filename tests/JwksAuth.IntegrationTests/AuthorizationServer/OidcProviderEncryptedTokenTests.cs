using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Access tokens that a real server encrypts for the keys that the API publishes.</summary>
public sealed class OidcProviderEncryptedTokenTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    [SkippableTheory]
    [InlineData("RSA-OAEP", "A256GCM")]
    [InlineData("RSA-OAEP-256", "A256GCM")]
    [InlineData("RSA-OAEP-256", "A128CBC-HS256")]
    [InlineData("ECDH-ES", "A128GCM")]
    [InlineData("ECDH-ES", "A256CBC-HS512")]
    [InlineData("ECDH-ES+A256KW", "A192CBC-HS384")]
    public async Task A_token_encrypted_for_the_published_key_passes(string algorithm, string encryption)
    {
        fixture.SkipWhenUnavailable();
        var resource = $"urn:api:{algorithm}:{encryption}";
        await using var api = await StartAsync(resource, algorithm, encryption, NewPem(algorithm));
        await RegisterAsync(resource, algorithm, encryption, api);

        var token = await fixture.GetTokenAsync(resource);

        Assert.Equal(5, token.Split('.').Length);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(api, token));
    }

    [SkippableFact]
    public async Task Tokens_for_the_old_and_the_new_key_pass_while_the_api_rotates()
    {
        fixture.SkipWhenUnavailable();
        const string resource = "urn:api:rotating", algorithm = "RSA-OAEP-256", encryption = "A256GCM";
        await using var api = await StartAsync(resource, algorithm, encryption, NewPem(algorithm));
        await RegisterAsync(resource, algorithm, encryption, api);
        var before = await fixture.GetTokenAsync(resource);

        var configuration = (IConfigurationRoot)api.Configuration;
        configuration["JwksAuth:KeyRing:Keys:0:Pem"] = NewPem(algorithm);
        configuration.Reload();
        await RegisterAsync(resource, algorithm, encryption, api);
        var after = await fixture.GetTokenAsync(resource);

        Assert.NotEqual((string?)CompactJose.Header(before)["kid"], (string?)CompactJose.Header(after)["kid"]);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(api, before));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(api, after));
    }

    private static string NewPem(string algorithm)
    {
        using AsymmetricAlgorithm key = algorithm.StartsWith("RSA", StringComparison.Ordinal) ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private Task RegisterAsync(string resource, string algorithm, string encryption, WebApplication api) => fixture.RegisterResourceAsync(new JsonObject
    {
        ["identifier"] = resource,
        ["scope"] = "read",
        ["accessTokenFormat"] = "jwt",
        ["sign"] = new JsonObject { ["alg"] = "RS256" },
        ["encrypt"] = new JsonObject { ["alg"] = algorithm, ["enc"] = encryption, ["jwks_uri"] = $"{api.Urls.Single()}/.well-known/jwks.json" },
    });

    private async Task<WebApplication> StartAsync(string resource, string algorithm, string encryption, string pem)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Authentication:Schemes:Bearer:Authority"] = fixture.Issuer,
            ["Authentication:Schemes:Bearer:RequireHttpsMetadata"] = "false",
            ["Authentication:Schemes:Bearer:Audience"] = resource,
            ["Authentication:Schemes:Bearer:EncryptionAlgorithms:0"] = algorithm,
            ["Authentication:Schemes:Bearer:ContentEncryptionAlgorithms:0"] = encryption,
            ["JwksAuth:KeyRing:Keys:0:Pem"] = pem,
        });
        builder.Services.AddAuthentication().AddJwksBearer();
        builder.Services.AddAuthorization();
        var api = builder.Build();
        api.Urls.Add("http://127.0.0.1:0");
        api.UseAuthentication();
        api.UseAuthorization();
        api.MapJwks();
        api.MapGet("/", () => "protected").RequireAuthorization();
        await api.StartAsync();
        return api;
    }

    private async Task<HttpStatusCode> SendAsync(WebApplication api, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, api.Urls.Single());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await fixture.Client.SendAsync(request);
        return response.StatusCode;
    }
}
