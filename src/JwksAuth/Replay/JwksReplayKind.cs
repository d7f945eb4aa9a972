namespace JwksAuth;

/// <summary>The kinds of single-use tokens.</summary>
public enum JwksReplayKind
{
    /// <summary>A DPoP proof (RFC 9449 section 11.1).</summary>
    DpopProof,

    /// <summary>A client assertion (RFC 7523 section 3).</summary>
    ClientAssertion,

    /// <summary>A logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6).</summary>
    LogoutToken,
}
