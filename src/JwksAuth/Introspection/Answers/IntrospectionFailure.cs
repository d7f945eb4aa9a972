namespace JwksAuth.Introspection.Answers;

/// <summary>Why a token was rejected. Metrics use the names as outcomes.</summary>
internal enum IntrospectionFailure
{
    Malformed,
    TooLong,
    Inactive,
    NotAccessToken,
    Issuer,
    Audience,
    Expired,
    NotYetValid,
    NoServiceProvider,
    InsufficientScope,
    UnsupportedTokenType,

    /// <summary>The response is not trusted: its signature, encryption, issuer, audience or age is wrong.</summary>
    UntrustedAnswer,
    Unreachable,
    Overloaded,
    CredentialsRefused,
    RequestRefused,
    NotConfigured,
}

internal static class IntrospectionFailures
{
    /// <summary>Whether the token cannot be judged, so that the response is 503.</summary>
    public static bool IsOurs(this IntrospectionFailure failure) => failure >= IntrospectionFailure.Unreachable;

    /// <summary>A description for the caller, without data of the token or the authorization server.</summary>
    public static string Describe(this IntrospectionFailure failure) => failure switch
    {
        IntrospectionFailure.Malformed => "The token is malformed",
        IntrospectionFailure.TooLong => "The token is too long",
        IntrospectionFailure.Inactive => "The token is not active",
        IntrospectionFailure.NotAccessToken => "The token is not an access token",
        IntrospectionFailure.Issuer => "The issuer of the token is not trusted",
        IntrospectionFailure.Audience => "The token is for another audience",
        IntrospectionFailure.Expired => "The token has expired",
        IntrospectionFailure.NotYetValid => "The token is not valid yet",
        IntrospectionFailure.NoServiceProvider => "The token names no service provider",
        IntrospectionFailure.InsufficientScope => "The token has none of the required scopes",
        IntrospectionFailure.UnsupportedTokenType => "The type of the token is not supported",
        IntrospectionFailure.UntrustedAnswer => "The token could not be confirmed",
        IntrospectionFailure.NotConfigured => "The authentication scheme is misconfigured",
        _ => "The authorization server is not available",
    };
}
