using System.Buffers.Text;
using System.Numerics;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Tool.Inspect;

/// <summary>Reads a JWKS as an API with JwksAuth does, and also reports what such an API would not.</summary>
internal sealed class KeySetInspector(TimeProvider time)
{
    private const int LeastModulusBits = 2048;

    private readonly JwkReader _reader = new(new KeyReadingSettings(), time);
    private readonly List<InspectedKey> _keys = [];
    private readonly List<Finding> _findings = [];

    public Inspection Inspect(string source, JsonElement document, IEnumerable<Finding> about)
    {
        _findings.AddRange(about);
        if (document.MemberOrNull("keys") is not { ValueKind: JsonValueKind.Array } keys)
        {
            _findings.Add(new Finding(true, null, "Not a JWKS: the array 'keys' is missing."));
            return new Inspection(source, _keys, _findings);
        }

        foreach (var (index, key) in keys.EnumerateArray().Index())
            _findings.AddRange(Inspect(key).Select(finding => finding with { Position = index + 1 }));
        foreach (var group in _keys.Where(key => key.KeyId is not null).GroupBy(key => key.KeyId, StringComparer.Ordinal)
            .Where(group => group.Count() > 1))
            _findings.Add(new Finding(false, group.Key, $"{group.Count()} keys share this kid."));
        if (!_keys.Any(key => key.IsUsable))
            _findings.Add(new Finding(true, null, "No key can verify signatures."));
        return new Inspection(source, _keys, _findings);
    }

    private IEnumerable<Finding> Inspect(JsonElement jwk)
    {
        var reading = _reader.Read(jwk);
        if (jwk.ValueKind != JsonValueKind.Object)
            return [new Finding(true, null, "The key is not a JSON object.")];

        var keyId = jwk.StringOrNull("kid");
        var size = jwk.StringOrNull("crv") ?? ModulusBits(jwk)?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _keys.Add(new InspectedKey(
            keyId, jwk.StringOrNull("kty"), size, jwk.StringOrNull("use"), jwk.StringOrNull("alg"), reading.Key is not null));
        return [.. FindingsOf(jwk, keyId, reading.Reason), .. CertificateFindings.Of(jwk, keyId, time.GetUtcNow())];
    }

    private static IEnumerable<Finding> FindingsOf(JsonElement jwk, string? keyId, SkippedKeyReason? skipped)
    {
        if (keyId is null)
            yield return new Finding(false, null, "The kid is missing: tokens cannot name the key.");
        if (skipped is { } reason)
            yield return new Finding(IsError(reason), keyId, Describe(reason, jwk));
        if (ModulusBits(jwk) is < LeastModulusBits and var bits)
            yield return new Finding(true, keyId, $"The RSA modulus has {bits} bits: the minimum is {LeastModulusBits}.");
    }

    // A key for another purpose, or of an unsupported kind, is not a mistake.
    private static bool IsError(SkippedKeyReason reason) => reason
        is not (SkippedKeyReason.NotForSignature or SkippedKeyReason.UnsupportedKeyType)
        and not (SkippedKeyReason.UnsupportedCurve or SkippedKeyReason.UnsupportedAlgorithm);

    private static string Describe(SkippedKeyReason reason, JsonElement jwk) => reason switch
    {
        SkippedKeyReason.Malformed => "Malformed: a member is missing, duplicated, of the wrong type or cannot be decoded.",
        SkippedKeyReason.UnsupportedKeyType => $"The key type '{jwk.StringOrNull("kty")}' is not supported.",
        SkippedKeyReason.UnsupportedCurve => $"The curve '{jwk.StringOrNull("crv")}' is not supported.",
        SkippedKeyReason.UnsupportedAlgorithm => $"The algorithm '{jwk.StringOrNull("alg")}' is not supported, or does not match the key.",
        SkippedKeyReason.KeySize => "The RSA modulus is too short or too long.",
        SkippedKeyReason.Symmetric => "SYMMETRIC: anyone who reads this set can sign tokens. Withdraw the key and create another.",
        SkippedKeyReason.PrivateMaterial => "PRIVATE: anyone who reads this set can sign tokens. Withdraw the key and create another.",
        SkippedKeyReason.NotForSignature => $"Not for signatures (use '{jwk.StringOrNull("use")}').",
        _ => "The certificate (x5c) belongs to another key.",
    };

    private static int? ModulusBits(JsonElement jwk) =>
        jwk.StringOrNull("n") is { Length: > 0 } text && Base64Url.IsValid(text)
            ? (int)new BigInteger(Base64Url.DecodeFromChars(text), isUnsigned: true, isBigEndian: true).GetBitLength()
            : null;
}
