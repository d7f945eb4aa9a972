namespace JwksAuth;

/// <summary>
/// A configured public key or certificate: PEM (<c>PUBLIC KEY</c>, <c>RSA PUBLIC KEY</c>, <c>CERTIFICATE</c>) or the base64 of a
/// SubjectPublicKeyInfo. Set exactly one of <see cref="Pem"/> and <see cref="PemFile"/>.
/// </summary>
public sealed class JwksVerificationKey
{
    /// <summary>The key as text; null if <see cref="PemFile"/> is set.</summary>
    public string? Pem { get; set; }

    /// <summary>The path of a file with the key, read when the scheme is configured; null if <see cref="Pem"/> is set.</summary>
    public string? PemFile { get; set; }

    /// <summary>The kid that tokens must name. Null or empty: the key applies to any kid, and to tokens without one.</summary>
    public string? KeyId { get; set; }

    /// <summary>The only JWS algorithm that the key may verify. Null: all accepted algorithms of its type.</summary>
    public string? Algorithm { get; set; }
}
