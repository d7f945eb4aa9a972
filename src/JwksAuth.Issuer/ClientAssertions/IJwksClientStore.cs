namespace JwksAuth;

/// <summary>
/// Finds clients that are not in the configuration, such as those in a database. The application registers it with any lifetime. Every
/// assertion causes a call, so that changes take effect immediately; add a cache if that is too often.
/// </summary>
public interface IJwksClientStore
{
    /// <summary>Finds a client by its claimed identifier, before anything is verified.</summary>
    /// <param name="clientId">The claimed client identifier: arbitrary text of at most 256 characters.</param>
    /// <returns>The client, with this <see cref="JwksClient.ClientId"/>; null if there is none.</returns>
    ValueTask<JwksClient?> FindAsync(string clientId, CancellationToken cancellationToken);
}
