namespace JwksAuth;

/// <summary>
/// The tags of metrics and traces. Their values are fixed words, in lower snake case, and what the operator configured; never a kid, a token
/// or anything else from outside.
/// </summary>
public static class JwksTagNames
{
    /// <summary>The configured issuer, or the address if only that is configured; <see cref="ResolvedSource"/> for all that a resolver named.</summary>
    public const string Source = "jwksauth.source";

    /// <summary>The <see cref="Source"/> of every issuer that is known only at run time, because tokens could make up any number of them.</summary>
    public const string ResolvedSource = "resolved";

    /// <summary>The name of the scheme.</summary>
    public const string Scheme = "jwksauth.scheme";

    /// <summary>
    /// What came of a fetch (<c>changed</c>, <c>not_modified</c>, <c>failed</c>), of a signature check (<c>verified</c>, <c>failed</c>), of a look into a cache (<c>hit</c>, <c>miss</c>), or
    /// of an introspection (<c>active</c>, <c>inactive</c>, <c>audience</c>, <c>unreachable</c>, <c>credentials_refused</c> …).
    /// </summary>
    public const string Outcome = "jwksauth.outcome";

    /// <summary>What was used: <c>dpop_proof</c>, <c>client_assertion</c> or <c>logout_token</c>. The <see cref="Outcome"/> is <c>added</c>, <c>used</c>, <c>full</c> or <c>failed</c>.</summary>
    public const string Kind = "jwksauth.kind";

    /// <summary>The JWS algorithm of a signature check (RFC 7518 section 3.1): one that the scheme accepts.</summary>
    public const string Algorithm = "jwksauth.algorithm";

    /// <summary>Why a fetch was made (<c>start</c>, <c>schedule</c>, <c>token</c>, <c>operator</c>), why a key was skipped, or why a token was refused.</summary>
    public const string Reason = "jwksauth.reason";

    /// <summary>What was done about a token with an unknown key: <c>fetched</c>, <c>throttled</c> or <c>waited</c>.</summary>
    public const string Decision = "jwksauth.decision";

    /// <summary>How a fetch failed, such as <c>timeout</c>, <c>unreachable</c>, <c>status</c> or <c>no_usable_key</c>; absent if it did not.</summary>
    public const string ErrorType = "error.type";
}
