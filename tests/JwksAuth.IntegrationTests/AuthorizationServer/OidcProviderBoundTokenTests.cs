using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Sender-constrained tokens of the real server (RFC 9449, RFC 8705).</summary>
public sealed class OidcProviderBoundTokenTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    [SkippableFact]
    public async Task A_DPoP_proof_binds_the_token_to_its_key()
    {
        fixture.SkipWhenUnavailable();
        var token = await GetDpopTokenAsync("urn:api:es256");

        Assert.NotEmpty((string)CompactJose.Payload(token)["cnf"]!["jkt"]!);
    }

    [SkippableFact]
    public async Task The_introspection_response_contains_the_binding_of_an_opaque_token()
    {
        fixture.SkipWhenUnavailable();
        var token = await GetDpopTokenAsync("urn:api:opaque");

        using var response = await fixture.PostAsync(fixture.IntrospectionEndpoint, new() { ["token"] = token }, "api", "api-secret");

        var answer = await response.Content.ReadFromJsonAsync<JsonObject>();
        Assert.True((bool?)answer!["active"]);
        Assert.Equal("DPoP", (string?)answer["token_type"]);
        Assert.NotEmpty((string)answer["cnf"]!["jkt"]!);
    }

    [SkippableFact]
    public async Task A_forwarded_certificate_binds_the_token_to_it()
    {
        fixture.SkipWhenUnavailable();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=caller", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddMinutes(-1), now.AddHours(1));

        var token = await fixture.GetTokenAsync(
            "urn:api:es256",
            "caller-mtls",
            configure: request => request.Headers.Add("Client-Cert", $":{Convert.ToBase64String(certificate.RawData)}:"));

        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
        Assert.Equal(thumbprint, (string?)CompactJose.Payload(token)["cnf"]!["x5t#S256"]);
    }

    [SkippableFact]
    public async Task A_token_bound_to_a_certificate_passes_with_it_over_tls()
    {
        fixture.SkipWhenUnavailable();
        using var owner = TlsApi.CreateCertificate("caller");
        using var thief = TlsApi.CreateCertificate("thief");
        await using var api = await TlsApi.StartAsync(services => services.AddAuthentication().AddJwksSenderConstraint().AddJwksBearer(options =>
        {
            options.Authority = fixture.Issuer;
            options.Audience = "urn:api:es256";
            options.RequireHttpsMetadata = false;
        }));

        var token = await fixture.GetTokenAsync(
            "urn:api:es256", "caller-mtls", configure: request => request.Headers.Add("Client-Cert", $":{Convert.ToBase64String(owner.RawData)}:"));

        Assert.Equal("200", await api.AskAsync(token, owner));
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await api.AskAsync(token, thief), StringComparison.Ordinal);
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await api.AskAsync(token, null), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("caller-dpop")]
    [InlineData("caller-mtls")]
    public async Task A_client_of_bound_tokens_gets_none_without_its_proof(string clientId)
    {
        fixture.SkipWhenUnavailable();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => fixture.GetTokenAsync("urn:api:es256", clientId));

        Assert.Contains("invalid_grant", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> GetDpopTokenAsync(string resource)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var proof = CompactJose.CreateDpopProof(key, fixture.TokenEndpoint);
        return await fixture.GetTokenAsync(resource, "caller-dpop", configure: request => request.Headers.Add("DPoP", proof));
    }
}
