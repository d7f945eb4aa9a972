using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Access;

/// <summary>A client with a key of its own, whose tokens are bound to it (RFC 9449).</summary>
internal sealed class DpopClient(TimeProvider clock) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The thumbprint of the key (RFC 7638).</summary>
    public string Thumbprint
    {
        get
        {
            var jwk = PublicJwk();
            return Hash($"{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{jwk["x"]}\",\"y\":\"{jwk["y"]}\"}}");
        }
    }

    public string CreateToken(FakeJwksServer issuer) => issuer.CreateToken(token => token.WithClaim("cnf", new JsonObject { ["jkt"] = Thumbprint }));

    /// <summary>A good proof for <c>GET http://localhost/</c> and the token, until it is told otherwise.</summary>
    public string CreateProof(string token, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var head = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = PublicJwk() };
        var body = new JsonObject
        {
            ["htm"] = "GET",
            ["htu"] = "http://localhost/",
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = clock.GetUtcNow().ToUnixTimeSeconds(),
            ["ath"] = Hash(token),
        };
        header?.Invoke(head);
        claims?.Invoke(body);
        var input = $"{Encode(head)}.{Encode(body)}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public static async Task<HttpResponseMessage> SendAsync(TestApi api, string token, string? proof, string path = "/", string scheme = "DPoP")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        if (proof is not null)
            request.Headers.Add("DPoP", proof);
        return await api.Client.SendAsync(request);
    }

    /// <summary>Status and challenges.</summary>
    public static async Task<string> AskAsync(TestApi api, string token, string? proof, string path = "/", string scheme = "DPoP")
    {
        using var response = await SendAsync(api, token, proof, path, scheme);
        return $"{(int)response.StatusCode} {string.Join(", ", response.Headers.WwwAuthenticate)}".TrimEnd();
    }

    public JsonObject PublicJwk()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }

    public void Dispose() => _key.Dispose();

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
