namespace JwksAuth;

/// <summary>
/// A key pair of the API itself. Set exactly one of <see cref="Pem"/>, <see cref="PemFile"/>, <see cref="PfxFile"/>, <see cref="Jwk"/> and
/// <see cref="JwkFile"/>. Symmetric keys, and public keys without their private part, are refused when the ring is loaded.
/// </summary>
public sealed class JwksPrivateKey
{
    /// <summary>
    /// The key as PEM text (RFC 7468): <c>PRIVATE KEY</c>, <c>ENCRYPTED PRIVATE KEY</c>, <c>RSA PRIVATE KEY</c> or <c>EC PRIVATE KEY</c>;
    /// or the bare base64 of a PKCS #8 structure. Certificates in the text are published with the key. Default null.
    /// </summary>
    public string? Pem { get; set; }

    /// <summary>The path of a file with the key as PEM text. Changes are read automatically. Default null.</summary>
    public string? PemFile { get; set; }

    /// <summary>The path of a PKCS #12 file with the key and its certificates. Changes are read automatically. Default null.</summary>
    public string? PfxFile { get; set; }

    /// <summary>The key as a private JWK (RFC 7517); options override its <c>use</c>, <c>alg</c> and <c>kid</c>. Default null.</summary>
    public string? Jwk { get; set; }

    /// <summary>The path of a file with the key as a JWK. Changes are read automatically. Default null.</summary>
    public string? JwkFile { get; set; }

    /// <summary>The password of an encrypted PEM key or a PFX file. It is never logged. Default null.</summary>
    public string? Password { get; set; }

    /// <summary>The use of the key: <c>enc</c> or <c>sig</c> (RFC 7517 section 4.2). Default null: from the JWK, or <c>enc</c>.</summary>
    public string? Use { get; set; }

    /// <summary>
    /// The only algorithm of the key, published as its <c>alg</c> (RFC 7517 section 4.4): a JWE key management algorithm or a JWS
    /// algorithm. Default null: as in the JWK, otherwise all algorithms of its type, and no <c>alg</c> is published.
    /// </summary>
    public string? Algorithm { get; set; }

    /// <summary>The published <c>kid</c>. Default null: as in the JWK, otherwise the SHA-256 thumbprint (RFC 7638).</summary>
    public string? KeyId { get; set; }

    /// <summary>Whether the key is in use or being retired. Default <see cref="JwksPrivateKeyStatus.Active"/>.</summary>
    public JwksPrivateKeyStatus Status { get; set; }
}
