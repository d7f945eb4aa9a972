using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Keys.Reading;

/// <summary>A verification key, or the reason why it is unusable.</summary>
internal readonly record struct KeyReading(VerificationKey? Key, SkippedKeyReason? Reason)
{
    public static implicit operator KeyReading(SkippedKeyReason reason) => new(null, reason);
}

/// <summary>Creates verification keys from public key parameters, and checks size, curve and algorithm.</summary>
internal static class KeyMaterial
{
    /// <summary>The smallest accepted RSA modulus, in bits (RFC 7518 section 3.3).</summary>
    public const int LeastModulusBits = 2048;

    /// <summary>The largest accepted RSA modulus, in bits; a larger key would let its sender set our CPU cost.</summary>
    public const int MostModulusBits = 16384;

    public static KeyReading FromRsa(RSAParameters parameters, string? keyId, string? algorithmName, DateTimeOffset now)
    {
        if (parameters is not { Modulus: { Length: > 0 } modulus, Exponent: { Length: > 0 and <= 8 } exponent } || !IsOddAboveOne(exponent))
            return SkippedKeyReason.Malformed;

        modulus = modulus.AsSpan().TrimStart((byte)0).ToArray();
        var bits = new BigInteger(modulus, isUnsigned: true, isBigEndian: true).GetBitLength();
        if (bits is < LeastModulusBits or > MostModulusBits)
            return SkippedKeyReason.KeySize;

        SignatureAlgorithm[] fitting =
        [
            SignatureAlgorithm.RS256, SignatureAlgorithm.RS384, SignatureAlgorithm.RS512,
            SignatureAlgorithm.PS256, SignatureAlgorithm.PS384, SignatureAlgorithm.PS512,
        ];
        if (!TryBind(algorithmName, fitting, out var algorithms))
            return SkippedKeyReason.UnsupportedAlgorithm;

        try
        {
            var key = new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = exponent }) { KeyId = keyId };
            return Create(key, JsonWebAlgorithmsKeyTypes.RSA, keyId, algorithms, now);
        }
        catch (CryptographicException)
        {
            return SkippedKeyReason.Malformed;
        }
    }

    public static KeyReading FromEc(ECParameters parameters, string? curve, string? keyId, string? algorithmName, DateTimeOffset now)
    {
        if (SignatureAlgorithms.ForCurve(curve) is not { } algorithm)
            return SkippedKeyReason.UnsupportedCurve;

        if (!TryBind(algorithmName, [algorithm], out var algorithms))
            return SkippedKeyReason.UnsupportedAlgorithm;

        try
        {
            // The platform rejects a point that is not on the curve.
            var key = new ECDsaSecurityKey(ECDsa.Create(parameters)) { KeyId = keyId };
            return Create(key, JsonWebAlgorithmsKeyTypes.EllipticCurve, keyId, algorithms, now);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return SkippedKeyReason.Malformed;
        }
    }

    private static KeyReading Create(
        AsymmetricSecurityKey key, string keyType, string? keyId, SignatureAlgorithm[] algorithms, DateTimeOffset now)
    {
        var thumbprint = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        var identity = string.Create(CultureInfo.InvariantCulture,
            $"{thumbprint} {string.Join(',', Array.ConvertAll(algorithms, SignatureAlgorithms.NameOf))} {keyId is not null} {keyId}");
        return new KeyReading(new VerificationKey(keyId, key, keyType, algorithms, identity) { FirstSeen = now }, null);
    }

    // RFC 7517 section 4.4: alg binds the key to one algorithm; without it, the key applies to all algorithms of its type.
    private static bool TryBind(string? name, SignatureAlgorithm[] fitting, out SignatureAlgorithm[] algorithms)
    {
        algorithms = fitting;
        if (name is null)
            return true;
        if (!SignatureAlgorithms.TryParse(name, out var algorithm) || !fitting.Contains(algorithm))
            return false;
        algorithms = [algorithm];
        return true;
    }

    private static bool IsOddAboveOne(byte[] exponent) =>
        (exponent[^1] & 1) == 1 && !(exponent[^1] == 1 && exponent.AsSpan(..^1).IndexOfAnyExcept((byte)0) < 0);
}
