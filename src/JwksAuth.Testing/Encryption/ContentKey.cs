using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Testing;

/// <summary>A new content encryption key and what the recipient needs to find it (RFC 7518 section 4).</summary>
/// <param name="EncryptedKey">The key as the token carries it; empty for a direct agreement.</param>
/// <param name="EphemeralKey">The sender's public key of an agreement; null without one.</param>
internal sealed record ContentKey(byte[] Key, byte[] EncryptedKey, JsonObject? EphemeralKey)
{
    public static ContentKey For(JsonNode recipient, string algorithm, string encryption)
    {
        var length = ContentEncryption.KeyLength(encryption);
        return algorithm switch
        {
            "RSA-OAEP" => ByRsa(recipient, RandomNumberGenerator.GetBytes(length), RSAEncryptionPadding.OaepSHA1),
            "RSA-OAEP-256" => ByRsa(recipient, RandomNumberGenerator.GetBytes(length), RSAEncryptionPadding.OaepSHA256),
            "RSA1_5" => ByRsa(recipient, RandomNumberGenerator.GetBytes(length), RSAEncryptionPadding.Pkcs1),
            "ECDH-ES" => ByAgreement(recipient, encryption, length),
            "ECDH-ES+A128KW" => Wrapped(ByAgreement(recipient, algorithm, 16), "A128KW", RandomNumberGenerator.GetBytes(length)),
            "ECDH-ES+A192KW" => Wrapped(ByAgreement(recipient, algorithm, 24), "A192KW", RandomNumberGenerator.GetBytes(length)),
            "ECDH-ES+A256KW" => Wrapped(ByAgreement(recipient, algorithm, 32), "A256KW", RandomNumberGenerator.GetBytes(length)),
            _ => throw new NotSupportedException($"The algorithm {algorithm} is not supported."),
        };
    }

    private static ContentKey ByRsa(JsonNode recipient, byte[] key, RSAEncryptionPadding padding)
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = Decode(recipient, "n"), Exponent = Decode(recipient, "e") });
        return new ContentKey(key, rsa.Encrypt(key, padding), null);
    }

    private static ContentKey ByAgreement(JsonNode recipient, string algorithm, int length)
    {
        var curveName = (string?)recipient["crv"];
        var curve = curveName switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => throw new NotSupportedException($"The curve {curveName} is not supported."),
        };
        using var other = ECDiffieHellman.Create(
            new ECParameters { Curve = curve, Q = new ECPoint { X = Decode(recipient, "x"), Y = Decode(recipient, "y") } });
        using var own = ECDiffieHellman.Create(curve);
        var point = own.ExportParameters(false).Q;
        var ephemeral = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = curveName,
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
        return new ContentKey(Derive(own, other.PublicKey, algorithm, length), [], ephemeral);
    }

    // RFC 7518 section 4.6.2, with neither party named.
    private static byte[] Derive(ECDiffieHellman own, ECDiffieHellmanPublicKey other, string algorithm, int length)
    {
        byte[] info =
            [.. Number(algorithm.Length), .. Encoding.ASCII.GetBytes(algorithm), .. Number(0), .. Number(0), .. Number(length * 8)];
        var rounds = Enumerable.Range(1, (length + SHA256.HashSizeInBytes - 1) / SHA256.HashSizeInBytes);
        return [.. rounds.SelectMany(round => own.DeriveKeyFromHash(other, HashAlgorithmName.SHA256, Number(round), info)).Take(length)];
    }

    private static ContentKey Wrapped(ContentKey agreed, string wrap, byte[] key)
    {
        var factory = new CryptoProviderFactory();
        var provider = factory.CreateKeyWrapProvider(new SymmetricSecurityKey(agreed.Key), wrap);
        try
        {
            return agreed with { Key = key, EncryptedKey = provider.WrapKey(key) };
        }
        finally
        {
            factory.ReleaseKeyWrapProvider(provider);
        }
    }

    private static byte[] Decode(JsonNode jwk, string member) =>
        Base64UrlEncoder.DecodeBytes((string?)jwk[member] ?? throw new NotSupportedException($"The key has no {member}."));

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
