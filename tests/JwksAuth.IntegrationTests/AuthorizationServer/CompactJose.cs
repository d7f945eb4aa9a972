using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Reads and writes compact JWS and JWE without any library, to inspect what a server actually sent.</summary>
internal static class CompactJose
{
    public static JsonObject Header(string token) => Part(token, 0);

    public static JsonObject Payload(string token) => Part(token, 1);

    public static void AssertEncrypted(string token, string algorithm, string encryption, string keyId)
    {
        Assert.Equal(5, token.Split('.').Length);
        Assert.Equal(algorithm, (string?)Header(token)["alg"]);
        Assert.Equal(encryption, (string?)Header(token)["enc"]);
        Assert.Equal(keyId, (string?)Header(token)["kid"]);
    }

    /// <summary>A JWS signed ES256.</summary>
    public static string Sign(ECDsa key, JsonObject header, JsonObject payload)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>A proof of possession (RFC 9449 section 4.2) for a request, with this token or none.</summary>
    public static string CreateDpopProof(ECDsa key, Uri target, string method = "POST", string? token = null)
    {
        var payload = new JsonObject
        {
            ["htm"] = method,
            ["htu"] = target.AbsoluteUri,
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        };
        if (token is not null)
            payload["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        return Sign(key, new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = PublicJwk(key) }, payload);
    }

    public static JsonObject PublicJwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static JsonObject Part(string token, int index) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
