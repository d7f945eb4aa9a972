using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>A client with its own key, whose tokens are bound to it (RFC 9449): an EC key for ES256, else an RSA key.</summary>
internal sealed class DpopClient(TimeProvider clock, string algorithm = "ES256") : IDisposable
{
    private readonly AsymmetricAlgorithm _key = algorithm == "ES256" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048);

    /// <summary>The thumbprint of the key (RFC 7638).</summary>
    public string Thumbprint => ThumbprintOf(PublicJwk());

    public static string ThumbprintOf(JsonObject jwk) =>
        Hash(new JsonObject(jwk.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString());

    public string CreateToken(FakeJwksServer issuer) => issuer.CreateToken(token => token.WithClaim("cnf", new JsonObject { ["jkt"] = Thumbprint }));

    /// <summary>A valid proof for <c>GET http://localhost/</c> and the token, unless changed.</summary>
    public string CreateProof(string token, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var head = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = algorithm, ["jwk"] = PublicJwk() };
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
        return $"{input}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(input)))}";
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
        if (_key is RSA rsa)
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            return new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent) };
        }

        var point = ((ECDsa)_key).ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }

    public void Dispose() => _key.Dispose();

    private byte[] Sign(byte[] input) => _key is RSA rsa
        ? rsa.SignData(input, HashAlgorithmName.SHA256, algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
        : ((ECDsa)_key).SignData(input, HashAlgorithmName.SHA256);

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
