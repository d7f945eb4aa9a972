namespace JwksAuth;

/// <summary>The content of a valid logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4).</summary>
public sealed class JwksLogout
{
    /// <summary>The provider: <c>iss</c> of the ID tokens. Subjects and sessions are unique only within it, so compare it too.</summary>
    public required string Issuer { get; init; }

    /// <summary>The user: <c>sub</c> of the ID tokens; null if only a session is named.</summary>
    public required string? Subject { get; init; }

    /// <summary>The session: <c>sid</c> of the ID tokens; null if all sessions of the user end.</summary>
    public required string? SessionId { get; init; }
}
