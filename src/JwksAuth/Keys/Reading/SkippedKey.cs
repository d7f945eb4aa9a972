namespace JwksAuth.Keys.Reading;

/// <summary>Why a published key is not used to verify signatures.</summary>
internal enum SkippedKeyReason
{
    /// <summary>A member is missing, has the wrong type, or does not decode to a key.</summary>
    Malformed,

    /// <summary>A <c>kty</c> that no supported algorithm uses.</summary>
    UnsupportedKeyType,

    /// <summary>A curve that no supported algorithm uses.</summary>
    UnsupportedCurve,

    /// <summary>An <c>alg</c> that is not supported or does not fit the key.</summary>
    UnsupportedAlgorithm,

    /// <summary>An RSA modulus below 2048 or above 16384 bits.</summary>
    KeySize,

    /// <summary>A symmetric key: whoever reads the set could sign.</summary>
    Symmetric,

    /// <summary>The private part is published: whoever reads the set could sign.</summary>
    PrivateMaterial,

    /// <summary><c>use</c> or <c>key_ops</c> say that the key does not verify signatures.</summary>
    NotForSignature,

    /// <summary>The certificate beside the key is of another key or, where authorities are configured, unreadable.</summary>
    CertificateMismatch,

    /// <summary>The certificate is missing or does not chain to a configured authority.</summary>
    CertificateChain,
}

/// <summary>A published key that was left out.</summary>
/// <param name="KeyId">Its kid, as published; null if it has none.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct SkippedKey(string? KeyId, SkippedKeyReason Reason);
