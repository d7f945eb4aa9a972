namespace JwksAuth;

/// <summary>Ends sessions when the OpenID provider says so. Written by the application; made once per logout.</summary>
public interface IJwksLogoutHandler
{
    /// <summary>
    /// Ends the sessions of a logout: those of its <see cref="JwksLogout.SessionId"/> if it has one, else all of its
    /// <see cref="JwksLogout.Subject"/> (OpenID Connect Back-Channel Logout 1.0 section 2.7). None is no mistake. An exception tells the provider that the logout failed.
    /// </summary>
    /// <param name="logout">Whom the provider logged out.</param>
    /// <param name="cancellationToken">Set when the host stops; not when the provider hangs up, because it does not send a token twice.</param>
    ValueTask LogOutAsync(JwksLogout logout, CancellationToken cancellationToken);
}
