using Microsoft.IdentityModel.Tokens;

namespace JwksAuth;

/// <summary>
/// Verifies signatures in the place of the platform's cryptography: those of bearer tokens, logout tokens, client assertions, signed introspection
/// responses and DPoP proofs. None is registered by default; register one as a singleton to use another library. Requests share it.
/// </summary>
/// <remarks>
/// It is synchronous on purpose. A verification needs public keys only, and so nothing that is out of the process; what is handed over lies in
/// buffers that are used again once it returns, which is why it comes in spans.
/// </remarks>
public interface IJwksSignatureVerifier
{
    /// <summary>
    /// Verifies a signature. What the header says has been judged before: the algorithm is one that is accepted and that the key is bound to, the key is the one
    /// that was named, of the issuer, of the client or, for a DPoP proof, of the sender, and the signature has the length that key and algorithm ask for.
    /// </summary>
    /// <param name="key">
    /// The public key: an <see cref="RsaSecurityKey"/> with its parameters or an <see cref="ECDsaSecurityKey"/>, which requests share: to be read, and not to be
    /// changed or disposed of. It stays the same object for as long as its issuer publishes it, so that a <c>ConditionalWeakTable</c> can keep what is made of it;
    /// that of a DPoP proof is new each time, of its sender's choosing and disposed of after the call: a verifier that cannot work with it returns false instead of throwing.
    /// </param>
    /// <param name="algorithm">
    /// The algorithm, one of <c>RS256</c>, <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>, <c>ES256</c>, <c>ES384</c> and <c>ES512</c>
    /// (RFC 7518 section 3.1).
    /// </param>
    /// <param name="signingInput">What was signed: header and payload as they were sent, with the period between (RFC 7515 section 5.2, step 8).</param>
    /// <param name="signature">The signature, decoded. That of an EC key is R and S, one after the other (RFC 7518 section 3.4).</param>
    /// <returns>
    /// Whether the signature is good. An exception counts as "cannot tell": the token is not accepted, the caller is answered with 503, and the log has the exception.
    /// </returns>
    bool Verify(SecurityKey key, string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature);
}
