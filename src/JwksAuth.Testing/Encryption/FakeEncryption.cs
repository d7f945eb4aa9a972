using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Testing;

/// <summary>Encrypts a token for a public key, as authorization servers do: a compact JWE (RFC 7516) by real cryptography.</summary>
/// <param name="RecipientJwk">The public key as a JWK: RSA, or EC on P-256, P-384 or P-521.</param>
public sealed record FakeEncryption(string RecipientJwk)
{
    /// <summary>
    /// The <c>alg</c>: <c>RSA-OAEP</c>, <c>RSA-OAEP-256</c>, <c>RSA1_5</c> (which must be refused), <c>ECDH-ES</c>, <c>ECDH-ES+A128KW</c>,
    /// <c>ECDH-ES+A192KW</c> or <c>ECDH-ES+A256KW</c>. Default <c>RSA-OAEP-256</c>.
    /// </summary>
    public string Algorithm { get; init; } = "RSA-OAEP-256";

    /// <summary>
    /// The <c>enc</c>: <c>A128GCM</c>, <c>A192GCM</c>, <c>A256GCM</c>, <c>A128CBC-HS256</c>, <c>A192CBC-HS384</c> or <c>A256CBC-HS512</c>.
    /// Default <c>A256GCM</c>.
    /// </summary>
    public string Encryption { get; init; } = "A256GCM";

    /// <summary>The <c>cty</c>. Default <c>JWT</c>; null omits it.</summary>
    public string? ContentType { get; init; } = "JWT";

    /// <summary>The <c>kid</c>. Default: that of the key; null omits it.</summary>
    public string? KeyId { get; init; } = (string?)JsonNode.Parse(RecipientJwk)?["kid"];

    /// <summary>Further members of the header; they replace existing ones. Default: empty.</summary>
    public JsonObject Header { get; init; } = [];

    /// <summary>Encrypts for the first key of a set that is for encryption, as most servers choose it.</summary>
    /// <param name="jwks">The JWKS, as an API publishes it.</param>
    /// <exception cref="InvalidOperationException">The set has no such key.</exception>
    public static FakeEncryption ForFirstKeyOf(string jwks)
    {
        var keys = JsonNode.Parse(jwks)?["keys"]?.AsArray() ?? [];
        var key = keys.FirstOrDefault(candidate => (string?)candidate?["use"] == "enc")
            ?? throw new InvalidOperationException("The set has no encryption key.");
        var algorithm = (string?)key["alg"] ?? ((string?)key["kty"] == "EC" ? "ECDH-ES" : "RSA-OAEP-256");
        return new FakeEncryption(key.ToJsonString()) { Algorithm = algorithm };
    }

    /// <summary>Encrypts a token, or any other text.</summary>
    /// <param name="content">The text.</param>
    /// <exception cref="NotSupportedException">An algorithm is not one of those above, or does not match the key.</exception>
    public string Encrypt(string content)
    {
        var key = ContentKey.For(JsonNode.Parse(RecipientJwk)!, Algorithm, Encryption);
        var header = new JsonObject { ["alg"] = Algorithm, ["enc"] = Encryption };
        if (KeyId is not null)
            header["kid"] = KeyId;
        if (ContentType is not null)
            header["cty"] = ContentType;
        if (key.EphemeralKey is not null)
            header["epk"] = key.EphemeralKey;
        foreach (var (name, value) in Header)
            header[name] = value?.DeepClone();

        var protectedHeader = Base64UrlEncoder.Encode(header.ToJsonString());
        var (vector, ciphertext, tag) =
            ContentEncryption.Encrypt(Encryption, key.Key, Encoding.UTF8.GetBytes(content), Encoding.ASCII.GetBytes(protectedHeader));
        return string.Join('.', [protectedHeader, .. new[] { key.EncryptedKey, vector, ciphertext, tag }.Select(Base64UrlEncoder.Encode)]);
    }
}
