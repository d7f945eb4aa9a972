using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// Describes failures in challenges, and as the exceptions of stock JwtBearer that event handlers of applications expect. The texts are
/// fixed and contain nothing from the token.
/// </summary>
internal static class TokenFailures
{
    public static bool IsOurs(this JwksTokenFailure failure) =>
        failure is JwksTokenFailure.KeysUnavailable or JwksTokenFailure.NotConfigured;

    /// <summary>Whether the exceptions of stock JwtBearer contain values of the token.</summary>
    public static bool IsAboutClaims(this JwksTokenFailure failure) => failure is JwksTokenFailure.Algorithm or JwksTokenFailure.Type
        or JwksTokenFailure.Issuer or JwksTokenFailure.Audience or JwksTokenFailure.Expired or JwksTokenFailure.NotYetValid;

    public static string Describe(this JwksTokenFailure failure) => failure switch
    {
        JwksTokenFailure.Malformed => "The token is not a well-formed signed JWT",
        JwksTokenFailure.TooLong => "The token is too long",
        JwksTokenFailure.Encrypted => "The token is encrypted, which is not accepted",
        JwksTokenFailure.NotDecryptable => "The token cannot be decrypted",
        JwksTokenFailure.Algorithm => "The token is signed with an algorithm that is not accepted",
        JwksTokenFailure.Type => "The token is of a type that is not accepted",
        JwksTokenFailure.UnsupportedExtension => "The token uses an extension that is not supported",
        JwksTokenFailure.KeyIdTooLong => "The key identifier of the token is too long",
        JwksTokenFailure.Issuer => "The issuer of the token is not trusted",
        JwksTokenFailure.NoIssuer => "The token has no iss claim",
        JwksTokenFailure.Audience => "The token is meant for another audience",
        JwksTokenFailure.NoAudience => "The token has no aud claim",
        JwksTokenFailure.NoExpiration => "The token has no exp claim",
        JwksTokenFailure.NoIssuedAt => "The token has no iat claim",
        JwksTokenFailure.Expired => "The token has expired",
        JwksTokenFailure.NotYetValid => "The token is not valid yet",
        JwksTokenFailure.UnknownKey => "The signature key of the token was not found",
        JwksTokenFailure.KeyOfAnotherIssuer => "The signature key of the token is for another issuer",
        JwksTokenFailure.AmbiguousKey => "The token does not name its signature key",
        JwksTokenFailure.Signature => "The signature of the token is invalid",
        JwksTokenFailure.SigningKeyNotValid => "The certificate of the signature key has expired or is not valid yet",
        JwksTokenFailure.NoServiceProvider => "The token names no service provider",
        JwksTokenFailure.Bound => "The token is bound to a key, and possession of it was not proved",
        JwksTokenFailure.RefusedByApplication => "The token was refused",
        JwksTokenFailure.KeysUnavailable => "The keys that the token needs are not available",
        JwksTokenFailure.NotConfigured => "The authentication scheme is not configured",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };

    /// <summary>
    /// The exception is created but never thrown. Its properties contain values of the token for event handlers of the application; its
    /// message does not.
    /// </summary>
    public static Exception ToException(this JwksTokenFailure failure, TimeSpan? retryAfter, TokenDetail? detail = null)
    {
        var message = failure.Describe();
        return failure switch
        {
            JwksTokenFailure.Algorithm => new SecurityTokenInvalidAlgorithmException(message) { InvalidAlgorithm = detail?.Algorithm },
            JwksTokenFailure.Type => new SecurityTokenInvalidTypeException(message) { InvalidType = detail?.Type },
            JwksTokenFailure.Issuer or JwksTokenFailure.NoIssuer or JwksTokenFailure.KeyOfAnotherIssuer =>
                new SecurityTokenInvalidIssuerException(message) { InvalidIssuer = detail?.Issuer },
            JwksTokenFailure.Audience or JwksTokenFailure.NoAudience =>
                new SecurityTokenInvalidAudienceException(message) { InvalidAudience = detail?.Audience },
            JwksTokenFailure.NoExpiration => new SecurityTokenNoExpirationException(message),
            JwksTokenFailure.Expired => new SecurityTokenExpiredException(message) { Expires = detail?.ExpiresAt ?? default },
            JwksTokenFailure.NotYetValid => new SecurityTokenNotYetValidException(message) { NotBefore = detail?.NotBefore ?? default },
            JwksTokenFailure.UnknownKey or JwksTokenFailure.AmbiguousKey => new SecurityTokenSignatureKeyNotFoundException(message),
            JwksTokenFailure.Signature => new SecurityTokenInvalidSignatureException(message),
            JwksTokenFailure.SigningKeyNotValid => new SecurityTokenInvalidSigningKeyException(message),
            JwksTokenFailure.Encrypted or JwksTokenFailure.NotDecryptable => new SecurityTokenDecryptionFailedException(message),
            JwksTokenFailure.Malformed or JwksTokenFailure.TooLong => new SecurityTokenMalformedException(message),
            JwksTokenFailure.KeysUnavailable or JwksTokenFailure.NotConfigured => new JwksUnavailableException(message, retryAfter),
            _ => new SecurityTokenValidationException(message),
        };
    }
}
