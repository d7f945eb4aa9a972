namespace JwksAuth.Keys.Reading;

/// <summary>Why a fetch failed. Metrics count each reason separately.</summary>
internal enum FetchFailure
{
    Timeout,
    Unreachable,
    InsecureAddress,

    /// <summary>The server redirected the request; keys are accepted only from the configured address.</summary>
    Redirect,
    Status,
    TooLarge,
    ContentCoding,
    NotJson,
    IssuerMismatch,

    /// <summary>The metadata has no <c>jwks_uri</c>.</summary>
    NoJwksUri,

    /// <summary>The JWKS has no <c>keys</c> array.</summary>
    NoKeys,
    TooManyKeys,
    NoUsableKey,
    Stopped,
}
