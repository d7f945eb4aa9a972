namespace JwksAuth.Jose.Encryption;

/// <summary>Why a JWE was not opened. For logs and tests: a caller is not told which it was.</summary>
internal enum JweFailure
{
    Malformed,
    TooLong,

    /// <summary>The <c>alg</c> is not accepted.</summary>
    Algorithm,

    /// <summary>The <c>enc</c> is not accepted.</summary>
    Encryption,

    /// <summary>It asks for compression or a critical extension.</summary>
    UnsupportedExtension,

    /// <summary>No key of ours opens it, or it was changed.</summary>
    Decryption,

    /// <summary>There is no key ring, or it is out of reach: nothing can be said of the token.</summary>
    Unavailable,
}

/// <summary>An opened JWE, or why it was not opened.</summary>
/// <param name="Content">The decrypted content; empty if there is a failure.</param>
/// <param name="ContentType">What the header says the content is (<c>cty</c>); null if it does not say.</param>
/// <param name="Failure">Null if it was opened.</param>
internal readonly record struct JweOpening(ReadOnlyMemory<byte> Content, string? ContentType, JweFailure? Failure)
{
    public static implicit operator JweOpening(JweFailure failure) => new(default, null, failure);
}
