using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;

namespace JwksAuth.Keys.Reading;

/// <summary>Reads one published JWK (RFC 7517 section 4). A key that cannot be used is a reason, never an exception.</summary>
internal sealed class JwkReader(KeyReadingSettings settings, TimeProvider time)
{
    public const int MaximumKeyIdLength = 256;

    private static readonly FrozenSet<string> PrivateMembers =
        FrozenSet.Create(StringComparer.Ordinal, "d", "p", "q", "dp", "dq", "qi", "oth", "r", "t", "k", "priv");

    public KeyReading Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || !HasReadableUniqueNames(jwk))
            return SkippedKeyReason.Malformed;

        var keyType = jwk.StringOrNull("kty");
        if (keyType == "oct")
            return SkippedKeyReason.Symmetric;
        if (jwk.EnumerateObject().Any(member => PrivateMembers.Contains(member.Name)))
            return SkippedKeyReason.PrivateMaterial;
        if (!TryOptionalString(jwk, "kid", out var keyId) || keyId?.Length > MaximumKeyIdLength
            || !TryOptionalString(jwk, "alg", out var algorithm))
            return SkippedKeyReason.Malformed;
        if (!MayVerify(jwk))
            return SkippedKeyReason.NotForSignature;

        var reading = keyType switch
        {
            null => SkippedKeyReason.Malformed,
            "RSA" => ReadRsa(jwk, keyId, algorithm),
            "EC" => ReadEc(jwk, keyId, algorithm),
            _ => SkippedKeyReason.UnsupportedKeyType,
        };

        return reading.Key is { } key && CertificateCheck.FaultOf(jwk, key, settings.Authorities, time.GetUtcNow()) is { } fault
            ? fault
            : reading;
    }

    private KeyReading ReadRsa(JsonElement jwk, string? keyId, string? algorithm) =>
        Decode(jwk, "n") is { } modulus && Decode(jwk, "e") is { } exponent
            ? KeyMaterial.FromRsa(new RSAParameters { Modulus = modulus, Exponent = exponent }, keyId, algorithm, time.GetUtcNow())
            : SkippedKeyReason.Malformed;

    private KeyReading ReadEc(JsonElement jwk, string? keyId, string? algorithm)
    {
        var curve = jwk.StringOrNull("crv");
        if (SignatureAlgorithms.ForCurve(curve)?.SignatureLength() is not { } signatureLength || EcCurves.Find(curve) is not { } platformCurve)
            return SkippedKeyReason.UnsupportedCurve;

        // RFC 7518 section 6.2.1.2: a coordinate has the full width of the curve, half of a signature.
        if (Decode(jwk, "x") is not { } x || Decode(jwk, "y") is not { } y || x.Length * 2 != signatureLength || y.Length != x.Length)
            return SkippedKeyReason.Malformed;

        var parameters = new ECParameters { Curve = platformCurve, Q = new ECPoint { X = x, Y = y } };
        return KeyMaterial.FromEc(parameters, curve, keyId, algorithm, time.GetUtcNow());
    }

    // RFC 7517 sections 4.2 and 4.3: both are optional, and neither may contradict.
    private bool MayVerify(JsonElement jwk)
    {
        var use = jwk.TryGetProperty("use", out var value) ? value : default;
        if (use.ValueKind == JsonValueKind.Undefined ? settings.RequireUse : jwk.StringOrNull("use") != "sig")
            return false;

        return !jwk.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind == JsonValueKind.Array
                && operations.EnumerateArray().Any(operation => operation.TextOrNull() == "verify"));
    }

    private static bool HasReadableUniqueNames(JsonElement jwk)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            return jwk.EnumerateObject().All(member => seen.Add(member.Name));
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON and no text.
            return false;
        }
    }

    private static bool TryOptionalString(JsonElement jwk, string name, out string? value)
    {
        value = jwk.StringOrNull(name);
        return value is not null || !jwk.TryGetProperty(name, out _);
    }

    private static byte[]? Decode(JsonElement jwk, string name) =>
        jwk.StringOrNull(name) is { Length: > 0 } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
