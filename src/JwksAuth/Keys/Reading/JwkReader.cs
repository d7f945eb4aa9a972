using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Keys.Reading;

/// <summary>Reads a public JWK (RFC 7517 section 4). Returns a reason for an unusable key; never throws.</summary>
/// <param name="isInToken">Whether the key is in a token, which requires strict encoding.</param>
internal sealed class JwkReader(KeyReadingSettings settings, TimeProvider time, bool isInToken = false)
{
    public const int MaximumKeyIdLength = 256;

    // RFC 7518 section 6; "priv" is the private member of the key type AKP.
    private static readonly HashSet<string> PrivateMembers =
        new(StringComparer.Ordinal) { "d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv" };

    public KeyReading Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || !HasReadableUniqueNames(jwk))
            return SkippedKeyReason.Malformed;

        var keyType = jwk.StringOrNull("kty");
        if (keyType == "oct")
            return SkippedKeyReason.Symmetric;
        if (jwk.EnumerateObject().Any(member => PrivateMembers.Contains(member.Name) && member.Value.IsStated()))
            return SkippedKeyReason.PrivateMaterial;
        var keyId = jwk.StringOrNull("kid");
        if (keyId?.Length > MaximumKeyIdLength)
            return SkippedKeyReason.Malformed;
        var algorithm = jwk.StringOrNull("alg");
        if (algorithm is null && jwk.StatedOrNull("alg") is not null)
            return SkippedKeyReason.UnsupportedAlgorithm;
        if (!MayVerify(jwk))
            return SkippedKeyReason.NotForSignature;

        var reading = keyType switch
        {
            null => SkippedKeyReason.Malformed,
            "RSA" => ReadRsa(jwk, keyId, algorithm),
            "EC" => ReadEc(jwk, keyId, algorithm),
            _ => SkippedKeyReason.UnsupportedKeyType,
        };
        if (reading.Key is not { } key)
            return reading;
        if (CertificateCheck.FaultOf(jwk, key, settings.Authorities, time.GetUtcNow()) is { } fault)
            return fault;
        if (isInToken)
            return reading;

        // An unreadable restriction must not be ignored.
        var issuer = jwk.StringOrNull("issuer");
        return issuer is null && jwk.StatedOrNull("issuer") is not null
            ? SkippedKeyReason.Malformed
            : new KeyReading(key.As(JsonMarshal.GetRawUtf8Value(jwk).ToArray(), issuer, ThumbprintsOf(jwk)), null);
    }

    // The issuer's statement; it only selects the key to try, like the kid.
    private static string[] ThumbprintsOf(JsonElement jwk) =>
        [.. new[] { jwk.StringOrNull("x5t"), jwk.StringOrNull("x5t#S256") }.OfType<string>(), .. CertificateCheck.ThumbprintsOf(jwk)];

    private KeyReading ReadRsa(JsonElement jwk, string? keyId, string? algorithm) =>
        JwkNumber.Read(jwk, "n", isInToken) is { } modulus && JwkNumber.Read(jwk, "e", isInToken) is { } exponent
            ? KeyMaterial.FromRsa(new RSAParameters { Modulus = modulus, Exponent = exponent }, keyId, algorithm, time.GetUtcNow())
            : SkippedKeyReason.Malformed;

    private KeyReading ReadEc(JsonElement jwk, string? keyId, string? algorithm)
    {
        var curve = jwk.StringOrNull("crv");
        if (SignatureAlgorithms.ForCurve(curve)?.SignatureLength() is not { } signatureLength
            || EcCurves.Find(curve) is not { } platformCurve)
            return SkippedKeyReason.UnsupportedCurve;

        // RFC 7518 section 6.2.1.2: a coordinate has the full width of the curve, half of a signature.
        if (JwkNumber.Read(jwk, "x", isInToken) is not { } x || JwkNumber.Read(jwk, "y", isInToken) is not { } y
            || x.Length * 2 != signatureLength || y.Length != x.Length)
            return SkippedKeyReason.Malformed;

        var parameters = new ECParameters { Curve = platformCurve, Q = new ECPoint { X = x, Y = y } };
        return KeyMaterial.FromEc(parameters, curve, keyId, algorithm, time.GetUtcNow());
    }

    // RFC 7517 sections 4.2 and 4.3: both members are optional, but must permit verification. An unreadable member does not permit it.
    private bool MayVerify(JsonElement jwk)
    {
        var mayByUse = jwk.StatedOrNull("use") is { } use
            ? use.TextOrNull() is "sig" || (settings.AcceptJwtSvid && use.TextOrNull() is "jwt-svid")
            : !settings.RequireUse;
        return mayByUse && (jwk.StatedOrNull("key_ops") is not { } operations || (operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(operation => operation.TextOrNull() == "verify")));
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
            return false; // an escaped lone surrogate is valid JSON but not text
        }
    }
}
