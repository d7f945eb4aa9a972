namespace JwksAuth;

/// <summary>Why a token was not accepted.</summary>
public enum JwksTokenFailure
{
    /// <summary>Not a signed JWT in compact form, with strict base64url and JSON, each member once and of its right type (RFC 7515, RFC 7519).</summary>
    Malformed,

    /// <summary>Longer than <see cref="JwksBearerOptions.MaximumTokenLength"/>.</summary>
    TooLong,

    /// <summary>Encrypted, which <see cref="JwksBearerOptions.EncryptionAlgorithms"/> does not accept; or encrypted twice.</summary>
    Encrypted,

    /// <summary>Encrypted for a key that is not ours, in a way that is not accepted, or changed: which of them is not told.</summary>
    NotDecryptable,

    /// <summary>Signed with an algorithm that is not accepted, or with none.</summary>
    Algorithm,

    /// <summary>Of a type (<c>typ</c>) that is not accepted.</summary>
    Type,

    /// <summary>Asks for a critical extension (<c>crit</c>, <c>b64</c>, <c>zip</c>) that is not supported.</summary>
    UnsupportedExtension,

    /// <summary>Names a kid that is too long to be one.</summary>
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

    /// <summary>Without a time of issue (<c>iat</c>), which <see cref="JwksBearerOptions.RequireIssuedAt"/> asks for.</summary>
    NoIssuedAt,

    /// <summary>Expired.</summary>
    Expired,

    /// <summary>Not valid yet, or issued in the future.</summary>
    NotYetValid,

    /// <summary>Signed with a key that the issuer does not publish.</summary>
    UnknownKey,

    /// <summary>Without a kid, while several keys could have signed it.</summary>
    AmbiguousKey,

    /// <summary>The signature is not good.</summary>
    Signature,

    /// <summary>Without the claim that <see cref="JwksBearerOptions.ServiceProviderClaim"/> asks for, or with several candidates in it.</summary>
    NoServiceProvider,

    /// <summary>
    /// Bound to a key (<c>cnf</c>, RFC 7800 section 3.1), where no possession of that key is proved. <see cref="IJwksTokenValidator.ValidateBoundAsync"/>
    /// accepts such tokens.
    /// </summary>
    Bound,

    /// <summary>A validator that the application set in <c>TokenValidationParameters</c> refused it.</summary>
    RefusedByApplication,

    /// <summary>
    /// The keys of its issuer are out of reach, or the <see cref="IJwksDecryptor"/> or <see cref="IJwksSignatureVerifier"/> of the application
    /// failed: nothing can be said of the token.
    /// </summary>
    KeysUnavailable,

    /// <summary>The scheme is not or wrongly configured: nothing can be said of the token.</summary>
    NotConfigured,

    /// <summary>Signed with a key that the issuer publishes for another issuer only (the member <c>issuer</c> of its JWK).</summary>
    KeyOfAnotherIssuer,

    /// <summary>Signed with a key whose certificate has expired or is not valid yet, while <c>TokenValidationParameters.ValidateIssuerSigningKey</c> is on.</summary>
    SigningKeyNotValid,
}
