namespace JwksAuth.Jose.Encryption;

/// <summary>Why a JWE was not decrypted, for logs and tests. Callers do not learn the reason.</summary>
internal enum JweFailure
{
    Malformed,
    TooLong,

    /// <summary>The <c>alg</c> is not accepted.</summary>
    Algorithm,

    /// <summary>The <c>enc</c> is not accepted.</summary>
    Encryption,
    UnsupportedExtension,
    Decryption,
    Unavailable,
}

/// <summary>A decrypted JWE, or why it was not decrypted.</summary>
/// <param name="Content">The decrypted content; empty after a failure.</param>
/// <param name="ContentType">The type of the content (<c>cty</c>); null if not stated.</param>
internal readonly record struct JweOpening(ReadOnlyMemory<byte> Content, string? ContentType, JweFailure? Failure)
{
    public static implicit operator JweOpening(JweFailure failure) => new(default, null, failure);
}
