namespace JwksAuth;

/// <summary>
/// A public key or certificate from configuration: PEM (<c>PUBLIC KEY</c>, <c>RSA PUBLIC KEY</c>, <c>CERTIFICATE</c>) or the bare base64 of a
/// SubjectPublicKeyInfo. Exactly one of <see cref="Pem"/> and <see cref="PemFile"/> is to be set.
/// </summary>
public sealed class JwksVerificationKey
{
    /// <summary>The key as text. Null: <see cref="PemFile"/> has it.</summary>
    public string? Pem { get; set; }

    /// <summary>The path of a file with the key, read when the scheme is configured. Null: <see cref="Pem"/> has it.</summary>
    public string? PemFile { get; set; }

    /// <summary>The kid that tokens must name. Null or empty: the key answers for any kid, and for none.</summary>
    public string? KeyId { get; set; }

    /// <summary>The only JWS algorithm that the key may verify. Null: every accepted algorithm of its type.</summary>
    public string? Algorithm { get; set; }
}
