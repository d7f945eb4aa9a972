using System.Security.Cryptography;
using JwksAuth.IntegrationTests.AuthorizationServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>Tokens that OpenIddict binds to the key of a DPoP proof (RFC 9449).</summary>
public sealed class OpenIddictDpopTests : IDisposable
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    private readonly ECDsa _owner = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly HttpClient _client = new();

    [Fact]
    public async Task A_token_passes_with_a_new_proof_of_its_owner_only()
    {
        await using var server = await OpenIddictServer.StartAsync(server => server.BindTokensToDpopKeys().DisableAccessTokenEncryption()
            .AddEphemeralSigningKey("ES256").AddEphemeralEncryptionKey(SecurityAlgorithms.Aes256KW));
        await using var api = await KestrelApi.StartAsync(server.Issuer, addServices: services =>
        {
            server.Trust(services);
            services.AddAuthentication().AddJwksSenderConstraint();
        });
        var request = CompactJose.CreateDpopProof(_owner, server.TokenEndpoint);
        var token = await server.GetTokenAsync(configure: message => message.Headers.Add("DPoP", request));
        var proof = CreateProof(_owner, api, token);

        Assert.Equal("200", await AskAsync(api, "DPoP", token, proof));
        Assert.StartsWith("401 DPoP error=\"invalid_dpop_proof\"", await AskAsync(api, "DPoP", token, proof), Ordinal);
        Assert.StartsWith("401 DPoP error=\"invalid_token\"", await AskAsync(api, "DPoP", token, CreateProof(_thief, api, token)), Ordinal);
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await AskAsync(api, "Bearer", token, null), Ordinal);
        Assert.Equal("200", await AskAsync(api, "DPoP", token, CreateProof(_owner, api, token)));
    }

    public void Dispose()
    {
        _owner.Dispose();
        _thief.Dispose();
        _client.Dispose();
    }

    private static string CreateProof(ECDsa key, KestrelApi api, string token) => CompactJose.CreateDpopProof(key, api.Address, "GET", token);

    private async Task<string> AskAsync(KestrelApi api, string scheme, string token, string? proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, api.Address);
        request.Headers.Authorization = new(scheme, token);
        if (proof is not null)
            request.Headers.Add("DPoP", proof);
        using var response = await _client.SendAsync(request);
        return $"{(int)response.StatusCode} {string.Join(", ", response.Headers.WwwAuthenticate)}".TrimEnd();
    }
}
