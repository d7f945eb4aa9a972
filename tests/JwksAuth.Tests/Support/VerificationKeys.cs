using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;

namespace JwksAuth.Tests;

/// <summary>Verification keys as the readers create them, without an issuer.</summary>
internal static class VerificationKeys
{
    public static KeyReading Read(JsonNode jwk, KeyReadingSettings? settings = null)
    {
        using var json = JsonDocument.Parse(jwk.ToJsonString());
        return new JwkReader(settings ?? new KeyReadingSettings(), TimeProvider.System).Read(json.RootElement);
    }

    /// <summary>A new key with this kid, or without one if it is null.</summary>
    public static VerificationKey Create(string? keyId, string algorithm = "ES256")
    {
        var jwk = FakeSigningKey.Create(algorithm, keyId).ToJwk();
        if (keyId is null)
            jwk.Remove("kid");
        return Read(jwk).Key!;
    }

    public static KeyQuery Query(string? keyId, SignatureAlgorithm algorithm = SignatureAlgorithm.ES256) => new(keyId is not null, keyId, algorithm);
}
