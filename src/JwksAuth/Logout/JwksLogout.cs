namespace JwksAuth;

/// <summary>What a valid logout token says (OpenID Connect Back-Channel Logout 1.0 section 2.4): a session or a user is logged out.</summary>
public sealed class JwksLogout
{
    /// <summary>The provider: the <c>iss</c> of the ID tokens that the sessions began with. Subjects and sessions are its own: compare all of it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The user, as in <c>sub</c> of the ID tokens; null if only a session is named.</summary>
    public required string? Subject { get; init; }

    /// <summary>The session, as in <c>sid</c> of the ID tokens; null if all sessions of the user end.</summary>
    public required string? SessionId { get; init; }
}
