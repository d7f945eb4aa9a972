using Microsoft.IdentityModel.Tokens;

namespace JwksAuth;

/// <summary>
/// Verifies signatures in place of the platform's cryptography: of bearer tokens, logout tokens, client assertions, signed introspection
/// responses and DPoP proofs. Not registered by default; register a thread-safe singleton to use another library.
/// </summary>
/// <remarks>Synchronous, because public keys need no I/O. The spans are of pooled buffers that are reused after the call.</remarks>
public interface IJwksSignatureVerifier
{
    /// <summary>
    /// Verifies a signature. The caller has already checked that the algorithm is accepted and fits the key, that the key belongs to the
    /// issuer or client (or to the sender of a DPoP proof), and that the signature has the right length.
    /// </summary>
    /// <param name="key">
    /// The public key: an <see cref="RsaSecurityKey"/> with parameters or an <see cref="ECDsaSecurityKey"/>. Requests share it, so do not
    /// change or dispose it. It remains the same object while its issuer publishes it, so that a <c>ConditionalWeakTable</c> can cache data
    /// for it. The key of a DPoP proof is new for each call, chosen by the sender, and disposed after the call; return false, without an
    /// exception, if it is unusable.
    /// </param>
    /// <param name="algorithm">
    /// An algorithm of RFC 7518 section 3.1: <c>RS256</c>, <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>,
    /// <c>ES256</c>, <c>ES384</c> or <c>ES512</c>.
    /// </param>
    /// <param name="signingInput">The signed bytes: encoded header and payload, joined by a period (RFC 7515 section 5.2, step 8).</param>
    /// <param name="signature">The decoded signature; for an EC key, R followed by S (RFC 7518 section 3.4).</param>
    /// <returns>Whether the signature is valid. An exception is answered 503 and logged.</returns>
    bool Verify(SecurityKey key, string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature);
}
