namespace JwksAuth.Keys.Reading;

internal enum SkippedKeyReason
{
    Malformed,

    /// <summary>No supported algorithm uses the <c>kty</c>.</summary>
    UnsupportedKeyType,
    UnsupportedCurve,

    /// <summary>The <c>alg</c> is not supported or does not fit the key.</summary>
    UnsupportedAlgorithm,
    KeySize,
    Symmetric,
    PrivateMaterial,

    /// <summary><c>use</c> or <c>key_ops</c> does not permit verification.</summary>
    NotForSignature,
    CertificateMismatch,
    CertificateChain,
}

internal readonly record struct SkippedKey(string? KeyId, SkippedKeyReason Reason);
