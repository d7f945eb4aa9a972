namespace JwksAuth.Introspection.Answers;

/// <summary>Why a token was not accepted. The names are also the outcomes that metrics count.</summary>
internal enum IntrospectionFailure
{
    Malformed,
    TooLong,

    /// <summary>The authorization server says so.</summary>
    Inactive,

    /// <summary>A refresh token, an ID token or the like.</summary>
    NotAccessToken,

    Issuer,
    Audience,
    Expired,
    NotYetValid,

    NoServiceProvider,
    InsufficientScope,

    /// <summary>The authorization server does not introspect tokens of this kind.</summary>
    UnsupportedTokenType,

    /// <summary>The answer is not what the scheme may trust: its signature, encryption, issuer, audience or age is wrong.</summary>
    UntrustedAnswer,

    /// <summary>The authorization server is down, slow or out of order: nothing can be said of the token.</summary>
    Unreachable,

    /// <summary>Too many introspections are under way already.</summary>
    Overloaded,

    /// <summary>The authorization server refuses the API's own credentials.</summary>
    CredentialsRefused,

    /// <summary>The authorization server refuses the request for another reason that only an operator can mend.</summary>
    RequestRefused,

    NotConfigured,
}

internal static class IntrospectionFailures
{
    /// <summary>Whether nothing can be said of the token, so that the answer is 503.</summary>
    public static bool IsOurs(this IntrospectionFailure failure) => failure >= IntrospectionFailure.Unreachable;

    /// <summary>For the caller: nothing of the token or of the authorization server is in it.</summary>
    public static string Describe(this IntrospectionFailure failure) => failure switch
    {
        IntrospectionFailure.Malformed => "The token is malformed",
        IntrospectionFailure.TooLong => "The token is too long",
        IntrospectionFailure.Inactive => "The token is not active",
        IntrospectionFailure.NotAccessToken => "The token is not an access token",
        IntrospectionFailure.Issuer => "The issuer of the token is not trusted",
        IntrospectionFailure.Audience => "The token is meant for another audience",
        IntrospectionFailure.Expired => "The token has expired",
        IntrospectionFailure.NotYetValid => "The token is not valid yet",
        IntrospectionFailure.NoServiceProvider => "The token names no service provider",
        IntrospectionFailure.InsufficientScope => "The token has none of the required scopes",
        IntrospectionFailure.UnsupportedTokenType => "The token is of a kind that is not accepted",
        IntrospectionFailure.UntrustedAnswer => "The token could not be confirmed",
        IntrospectionFailure.NotConfigured => "The authentication scheme is not configured",
        _ => "The authorization server is not available",
    };
}
