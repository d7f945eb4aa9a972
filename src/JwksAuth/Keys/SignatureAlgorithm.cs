namespace JwksAuth.Keys;

/// <summary>The JWS algorithms for verification (RFC 7518 section 3.1): asymmetric only, without HMAC and <c>none</c>.</summary>
internal enum SignatureAlgorithm
{
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
}

internal static class SignatureAlgorithms
{
    public const int Count = 9;

    public static IReadOnlyList<SignatureAlgorithm> All { get; } = Enum.GetValues<SignatureAlgorithm>();

    public static bool TryParse(ReadOnlySpan<char> name, out SignatureAlgorithm algorithm)
    {
        SignatureAlgorithm? found = name switch
        {
            "RS256" => SignatureAlgorithm.RS256,
            "RS384" => SignatureAlgorithm.RS384,
            "RS512" => SignatureAlgorithm.RS512,
            "PS256" => SignatureAlgorithm.PS256,
            "PS384" => SignatureAlgorithm.PS384,
            "PS512" => SignatureAlgorithm.PS512,
            "ES256" => SignatureAlgorithm.ES256,
            "ES384" => SignatureAlgorithm.ES384,
            "ES512" => SignatureAlgorithm.ES512,
            _ => null,
        };
        algorithm = found.GetValueOrDefault();
        return found is not null;
    }

    public static string NameOf(this SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.RS256 => "RS256",
        SignatureAlgorithm.RS384 => "RS384",
        SignatureAlgorithm.RS512 => "RS512",
        SignatureAlgorithm.PS256 => "PS256",
        SignatureAlgorithm.PS384 => "PS384",
        SignatureAlgorithm.PS512 => "PS512",
        SignatureAlgorithm.ES256 => "ES256",
        SignatureAlgorithm.ES384 => "ES384",
        SignatureAlgorithm.ES512 => "ES512",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public static bool IsRsa(this SignatureAlgorithm algorithm) => algorithm <= SignatureAlgorithm.PS512;

    /// <summary>The length of an ECDSA signature, two integers of the curve's width (RFC 7518 section 3.4); null for RSA.</summary>
    public static int? SignatureLength(this SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.ES256 => 64,
        SignatureAlgorithm.ES384 => 96,
        SignatureAlgorithm.ES512 => 132,
        _ => null,
    };

    /// <summary>The only algorithm of a curve (RFC 7518 section 3.4); null for an unsupported curve.</summary>
    public static SignatureAlgorithm? ForCurve(string? curve) => curve switch
    {
        "P-256" => SignatureAlgorithm.ES256,
        "P-384" => SignatureAlgorithm.ES384,
        "P-521" => SignatureAlgorithm.ES512,
        _ => null,
    };
}
