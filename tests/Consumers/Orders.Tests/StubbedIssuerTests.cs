using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using JwksAuth;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using Xunit;

namespace Orders.Tests;

public sealed class StubbedIssuerTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly WireMockServer _issuer = WireMockServer.Start();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public StubbedIssuerTests()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var key = new { kty = "EC", crv = "P-256", kid = "test-1", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
        Stub("/.well-known/openid-configuration", new { issuer = _issuer.Url, jwks_uri = $"{_issuer.Url}/jwks" });
        Stub("/jwks", new { keys = new[] { key } });
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_cause_one_request_within_the_cooldown()
    {
        await using var api = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            services.Configure<JwksBearerOptions>("Bearer", options =>
            {
                options.Authority = _issuer.Url;
                options.RequireHttpsMetadata = false; // http, from loopback only
                options.TimeProvider = _clock;
            })));
        using var client = api.CreateClient();

        Assert.Equal(HttpStatusCode.OK, await GetOrdersAsync(client, "test-1"));
        Assert.Equal(1, JwksRequests());

        Assert.Equal(HttpStatusCode.Unauthorized, await GetOrdersAsync(client, "unknown-1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetOrdersAsync(client, "unknown-2"));
        Assert.Equal(2, JwksRequests());

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetOrdersAsync(client, "unknown-3"));
        Assert.Equal(3, JwksRequests());
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _key.Dispose();
    }

    private void Stub(string path, object document) => _issuer
        .Given(Request.Create().WithPath(path).UsingGet())
        .RespondWith(Response.Create().WithHeader("Content-Type", "application/json").WithBody(JsonSerializer.Serialize(document)));

    private int JwksRequests() => _issuer.LogEntries.Count(entry => entry.RequestMessage?.Path == "/jwks");

    private async Task<HttpStatusCode> GetOrdersAsync(HttpClient client, string keyId)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _issuer.Url,
            Audience = "orders-api",
            TokenType = "at+jwt",
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256),
        });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await client.GetAsync("/orders");
        return response.StatusCode;
    }
}
