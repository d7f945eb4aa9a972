namespace JwksAuth.Testing;

internal enum TokenSignature
{
    Valid,

    /// <summary>As long as a valid one, but with a flipped bit.</summary>
    Wrong,

    None,

    /// <summary>HMAC SHA-256, keyed with the public key in PEM form.</summary>
    HmacOfPublicKey,
}
