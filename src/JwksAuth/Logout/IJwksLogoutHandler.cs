namespace JwksAuth;

/// <summary>Ends sessions when the OpenID provider logs a user out. Implemented by the application and created once per logout.</summary>
public interface IJwksLogoutHandler
{
    /// <summary>
    /// Ends the sessions of a logout: those of its <see cref="JwksLogout.SessionId"/> if it has one, otherwise all of its
    /// <see cref="JwksLogout.Subject"/> (OpenID Connect Back-Channel Logout 1.0 section 2.7). It is not an error if there are none. An
    /// exception tells the provider that the logout failed.
    /// </summary>
    /// <param name="logout">The user or session that was logged out.</param>
    /// <param name="cancellationToken">Canceled when the host stops, not when the provider disconnects: it does not try again.</param>
    ValueTask LogOutAsync(JwksLogout logout, CancellationToken cancellationToken);
}
