using System.Security.Cryptography;

namespace JwksAuth.Keys.Reading;

/// <summary>The curves of RFC 7518 section 6.2.1.1, by their names in JWKs and on the platform.</summary>
internal static class EcCurves
{
    /// <summary>The name; null for any other curve, or one given by its parameters.</summary>
    public static string? NameOf(ECCurve curve) => (curve.IsNamed ? curve.Oid.Value : null) switch
    {
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        _ => null,
    };

    public static ECCurve? Find(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    /// <summary>The width of a coordinate, in bytes (RFC 7518 section 6.2.1.2); null for any other curve.</summary>
    public static int? CoordinateLength(string? name) => name switch
    {
        "P-256" => 32,
        "P-384" => 48,
        "P-521" => 66,
        _ => null,
    };
}
