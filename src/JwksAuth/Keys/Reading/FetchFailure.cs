namespace JwksAuth.Keys.Reading;

/// <summary>Why a fetch did not give a set of keys. Each is counted under its own name.</summary>
internal enum FetchFailure
{
    /// <summary>The attempt took longer than it may, in all.</summary>
    Timeout,

    /// <summary>No connection, a broken one, or no trusted certificate.</summary>
    Unreachable,

    /// <summary>The address is not one that may be used: not https where https is required, or with user information or a fragment.</summary>
    InsecureAddress,

    /// <summary>The server sent the request elsewhere: keys are taken only from the configured address.</summary>
    Redirect,

    /// <summary>Any status other than 200 (and 304 to a conditional request).</summary>
    Status,

    /// <summary>The body is larger than 512 KiB.</summary>
    TooLarge,

    /// <summary>The body has a content coding that is not known, or is not in the one that it names.</summary>
    ContentCoding,

    /// <summary>The body is not a JSON object.</summary>
    NotJson,

    /// <summary>The metadata names another issuer than the configured one, or none.</summary>
    IssuerMismatch,

    /// <summary>The metadata has no <c>jwks_uri</c>.</summary>
    NoJwksUri,

    /// <summary>The JWKS has no <c>keys</c> array.</summary>
    NoKeys,

    /// <summary>The JWKS has more than 100 keys.</summary>
    TooManyKeys,

    /// <summary>The JWKS has no key that could verify a signature.</summary>
    NoUsableKey,

    /// <summary>The source was closed while the fetch was under way.</summary>
    Stopped,
}
