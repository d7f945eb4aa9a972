using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Keys.Reading;

/// <summary>Converts keys that an application created with IdentityModel, under the same rules as any other key.</summary>
internal static class SecurityKeyReader
{
    public static PemReading Read(SecurityKey key, DateTimeOffset now)
    {
        var keyId = string.IsNullOrEmpty(key.KeyId) ? null : key.KeyId;
        try
        {
            var reading = key switch
            {
                SymmetricSecurityKey => SkippedKeyReason.Symmetric,
                RsaSecurityKey rsa => KeyMaterial.FromRsa(rsa.Rsa?.ExportParameters(false) ?? rsa.Parameters, keyId, null, now),
                ECDsaSecurityKey ec => FromEc(ec.ECDsa, keyId, now),
                X509SecurityKey { PublicKey: RSA rsa } certified =>
                    Certified(KeyMaterial.FromRsa(rsa.ExportParameters(false), keyId, null, now), certified),
                X509SecurityKey { PublicKey: ECDsa ec } certified => Certified(FromEc(ec, keyId, now), certified),
                JsonWebKey jwk => FromJwk(jwk, now),
                _ => SkippedKeyReason.UnsupportedKeyType,
            };
            return new PemReading(reading.Key, reading.Reason is { } reason ? Describe(reason) : null);
        }
        catch (CryptographicException)
        {
            return new PemReading(null, Describe(SkippedKeyReason.Malformed));
        }
    }

    private static KeyReading Certified(KeyReading reading, X509SecurityKey key)
    {
        reading.Key?.Certificate = CertificateTimes.Of(key.Certificate);
        return reading;
    }

    private static KeyReading FromEc(ECDsa key, string? keyId, DateTimeOffset now)
    {
        var parameters = key.ExportParameters(false);
        return KeyMaterial.FromEc(parameters, EcCurves.NameOf(parameters.Curve), keyId, null, now);
    }

    private static KeyReading FromJwk(JsonWebKey jwk, DateTimeOffset now)
    {
        if (jwk.Kty == JsonWebAlgorithmsKeyTypes.Octet)
            return SkippedKeyReason.Symmetric;

        // Copies only public members: an application's test key may include its private part.
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in PublicMembers(jwk))
                writer.WriteString(name, value);
            WriteTexts(writer, "key_ops", jwk.KeyOps);
            WriteTexts(writer, "x5c", jwk.X5c);
            writer.WriteEndObject();
        }

        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(buffer.ToArray()));
        return new JwkReader(new KeyReadingSettings(), new FixedTime(now)).Read(json.RootElement);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IList<string> texts)
    {
        if (texts.Count == 0)
            return;

        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static IEnumerable<(string Name, string Value)> PublicMembers(JsonWebKey jwk)
    {
        (string Name, string? Value)[] members =
            [("kty", jwk.Kty), ("kid", jwk.Kid), ("alg", jwk.Alg), ("use", jwk.Use), ("n", jwk.N), ("e", jwk.E), ("crv", jwk.Crv),
            ("x", jwk.X), ("y", jwk.Y),
                ("issuer", jwk.AdditionalData.TryGetValue("issuer", out var issuer) ? issuer?.ToString() : null)];
        return members.Where(member => !string.IsNullOrEmpty(member.Value)).Select(member => (member.Name, member.Value!));
    }

    private static string Describe(SkippedKeyReason reason) => reason switch
    {
        SkippedKeyReason.Symmetric => "is symmetric, which is not supported, because anyone who can verify with it can also sign: "
            + "let the issuer sign with an RSA or EC key, and set its public key here or its address in Authority or JwksUri",
        _ => $"cannot be used ({reason})",
    };

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
