namespace JwksAuth;

/// <summary>Tags of metrics and traces. Values are fixed lower snake case words or configured names, never input such as a kid.</summary>
public static class JwksTagNames
{
    /// <summary>The configured issuer, or the address if none is configured; <see cref="ResolvedSource"/> for resolver issuers.</summary>
    public const string Source = "jwksauth.source";

    /// <summary>The <see cref="Source"/> of all issuers found at run time; with a tag for each, tokens could create any number.</summary>
    public const string ResolvedSource = "resolved";

    /// <summary>The name of the scheme.</summary>
    public const string Scheme = "jwksauth.scheme";

    /// <summary>
    /// The outcome of a fetch (<c>changed</c>, <c>not_modified</c>, <c>failed</c>), signature check (<c>verified</c>, <c>failed</c>), cache
    /// lookup (<c>hit</c>, <c>miss</c>) or introspection (<c>active</c>, <c>inactive</c>, <c>credentials_refused</c> …).
    /// </summary>
    public const string Outcome = "jwksauth.outcome";

    /// <summary>
    /// The kind of a single-use item: <c>dpop_proof</c>, <c>client_assertion</c> or <c>logout_token</c>. The <see cref="Outcome"/> is
    /// <c>added</c>, <c>used</c>, <c>full</c> or <c>failed</c>.
    /// </summary>
    public const string Kind = "jwksauth.kind";

    /// <summary>The JWS algorithm of a signature check (RFC 7518 section 3.1); always one that the scheme accepts.</summary>
    public const string Algorithm = "jwksauth.algorithm";

    /// <summary>Why a fetch (<c>start</c>, <c>schedule</c>, <c>token</c>, <c>operator</c>), a skipped key or a rejected token.</summary>
    public const string Reason = "jwksauth.reason";

    /// <summary>How a token with an unknown key was handled: <c>fetched</c>, <c>throttled</c> or <c>waited</c>.</summary>
    public const string Decision = "jwksauth.decision";

    /// <summary>The failure, such as <c>timeout</c>, <c>unreachable</c>, <c>status</c>, <c>no_usable_key</c>; absent on success.</summary>
    public const string ErrorType = "error.type";
}
