using JwksAuth.Jose;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Issuer.ClientAssertions;

internal static class AssertionFailures
{
    public static string Describe(this JwksClientAssertionFailure failure) => failure switch
    {
        JwksClientAssertionFailure.MalformedRequest => "The request body is not a readable form",
        JwksClientAssertionFailure.Missing => "The request has no client assertion",
        JwksClientAssertionFailure.SeveralMethods => "The request uses more than one method of client authentication",
        JwksClientAssertionFailure.AssertionType => "The client_assertion_type is not that of a JWT",
        JwksClientAssertionFailure.Malformed => "The assertion is malformed",
        JwksClientAssertionFailure.TooLong => "The assertion is too long",
        JwksClientAssertionFailure.Algorithm => "The assertion is signed with an algorithm that is not accepted",
        JwksClientAssertionFailure.Type => "The assertion has an unexpected typ",
        JwksClientAssertionFailure.UnsupportedExtension => "The assertion requires an extension that is not supported",
        JwksClientAssertionFailure.KeyIdTooLong => "The key identifier of the assertion is too long",
        JwksClientAssertionFailure.ClientMismatch => "The iss, sub and client_id of the assertion and the request do not match",
        JwksClientAssertionFailure.NoIdentifier => "The assertion has no usable jti",
        JwksClientAssertionFailure.Audience => "The assertion is not for this server alone",
        JwksClientAssertionFailure.NoExpiration => "The assertion has no expiry time",
        JwksClientAssertionFailure.LifetimeTooLong => "The lifetime of the assertion is too long",
        JwksClientAssertionFailure.Expired => "The assertion has expired",
        JwksClientAssertionFailure.NotYetValid => "The assertion is not valid yet",
        JwksClientAssertionFailure.UnknownClient => "The client is unknown",
        JwksClientAssertionFailure.UnknownKey => "The assertion is signed with an unknown key",
        JwksClientAssertionFailure.AmbiguousKey => "The assertion names no key, and the client has several",
        JwksClientAssertionFailure.Signature => "The signature of the assertion is invalid",
        JwksClientAssertionFailure.Replayed => "The assertion has been used before",
        JwksClientAssertionFailure.Unavailable => "The client cannot be verified at the moment",
        JwksClientAssertionFailure.NotConfigured => "The server or the client is misconfigured",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };

    public static string ErrorCode(this JwksClientAssertionFailure failure) => failure.Status() switch
    {
        StatusCodes.Status400BadRequest => "invalid_request",
        StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        _ => "invalid_client",
    };

    public static int Status(this JwksClientAssertionFailure failure) => failure switch
    {
        JwksClientAssertionFailure.MalformedRequest or JwksClientAssertionFailure.SeveralMethods => StatusCodes.Status400BadRequest,
        JwksClientAssertionFailure.Unavailable or JwksClientAssertionFailure.NotConfigured => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status401Unauthorized,
    };

    public static JwksClientAssertionFailure ToFailure(this SignedTokenFault fault) => fault switch
    {
        SignedTokenFault.Malformed => JwksClientAssertionFailure.Malformed,
        SignedTokenFault.Algorithm => JwksClientAssertionFailure.Algorithm,
        SignedTokenFault.Type => JwksClientAssertionFailure.Type,
        SignedTokenFault.UnsupportedExtension => JwksClientAssertionFailure.UnsupportedExtension,
        SignedTokenFault.KeyIdTooLong => JwksClientAssertionFailure.KeyIdTooLong,
        SignedTokenFault.UnknownKey => JwksClientAssertionFailure.UnknownKey,
        SignedTokenFault.AmbiguousKey => JwksClientAssertionFailure.AmbiguousKey,
        SignedTokenFault.Signature => JwksClientAssertionFailure.Signature,
        SignedTokenFault.Unavailable => JwksClientAssertionFailure.Unavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
