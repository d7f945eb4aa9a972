namespace JwksAuth.Testing;

/// <summary>The third part of a token.</summary>
internal enum TokenSignature
{
    /// <summary>The signature of the signing key.</summary>
    Valid,

    /// <summary>As long as a valid one, but with a flipped bit.</summary>
    Wrong,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>HMAC SHA-256, keyed with the public key in PEM form.</summary>
    HmacOfPublicKey,
}
