namespace JwksAuth;

/// <summary>Why a token was not accepted.</summary>
public enum JwksTokenFailure
{
    /// <summary>
    /// Not a signed JWT in compact form with strict base64url and JSON, unique members, right types (RFC 7515, RFC 7519).
    /// </summary>
    Malformed,

    /// <summary>Longer than <see cref="JwksBearerOptions.MaximumTokenLength"/>.</summary>
    TooLong,

    /// <summary>Encrypted, which <see cref="JwksBearerOptions.EncryptionAlgorithms"/> does not accept; or encrypted twice.</summary>
    Encrypted,

    /// <summary>
    /// Encrypted for another key, by an algorithm that is not accepted, or tampered with: deliberately indistinguishable.
    /// </summary>
    NotDecryptable,

    /// <summary>Signed with an algorithm that is not accepted, or with none.</summary>
    Algorithm,

    /// <summary>Of a type (<c>typ</c>) that is not accepted.</summary>
    Type,

    /// <summary>Requires a critical extension (<c>crit</c>, <c>b64</c>, <c>zip</c>) that is not supported.</summary>
    UnsupportedExtension,

    /// <summary>Has a kid that is too long.</summary>
    KeyIdTooLong,

    /// <summary>From an issuer that is not trusted.</summary>
    Issuer,

    /// <summary>Without an issuer (<c>iss</c>).</summary>
    NoIssuer,

    /// <summary>For another audience.</summary>
    Audience,

    /// <summary>Without an audience (<c>aud</c>).</summary>
    NoAudience,

    /// <summary>Without an expiry time (<c>exp</c>).</summary>
    NoExpiration,

    /// <summary>Without the <c>iat</c> claim, which <see cref="JwksBearerOptions.RequireIssuedAt"/> requires.</summary>
    NoIssuedAt,

    /// <summary>Expired.</summary>
    Expired,

    /// <summary>Not valid yet, or issued in the future.</summary>
    NotYetValid,

    /// <summary>Signed with a key that the issuer does not publish.</summary>
    UnknownKey,

    /// <summary>Without a kid, although several keys could have signed it.</summary>
    AmbiguousKey,

    /// <summary>The signature is invalid.</summary>
    Signature,

    /// <summary>Without the <see cref="JwksBearerOptions.ServiceProviderClaim"/>, or with several candidates in it.</summary>
    NoServiceProvider,

    /// <summary>
    /// Bound to a key (<c>cnf</c>, RFC 7800 section 3.1), without proof of possession. <see cref="IJwksTokenValidator.ValidateBoundAsync"/>
    /// accepts such tokens.
    /// </summary>
    Bound,

    /// <summary>A validator that the application set in <c>TokenValidationParameters</c> refused it.</summary>
    RefusedByApplication,

    /// <summary>
    /// The token cannot be judged, because the keys of its issuer are unavailable, or the application's <see cref="IJwksDecryptor"/> or
    /// <see cref="IJwksSignatureVerifier"/> failed.
    /// </summary>
    KeysUnavailable,

    /// <summary>The token cannot be judged, because the scheme is not configured, or configured incorrectly.</summary>
    NotConfigured,

    /// <summary>Signed with a key that is published for another issuer only (member <c>issuer</c> of its JWK).</summary>
    KeyOfAnotherIssuer,

    /// <summary>Signed with a key whose certificate has expired or is not valid yet (see <c>ValidateIssuerSigningKey</c>).</summary>
    SigningKeyNotValid,
}
