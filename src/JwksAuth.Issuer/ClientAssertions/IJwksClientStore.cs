namespace JwksAuth;

/// <summary>
/// Finds clients that are not in the configuration, such as those of a database. Registered by the application, with any lifetime. It is asked for every
/// assertion, so that a client that changes or leaves does so at once; answer from a cache of your own if that is too often.
/// </summary>
public interface IJwksClientStore
{
    /// <summary>Finds a client by the name that an assertion claims. Nothing has been verified yet.</summary>
    /// <param name="clientId">The claimed client identifier, 256 characters at most, of any content.</param>
    /// <param name="cancellationToken">Set when the caller gives up.</param>
    /// <returns>The client, whose <see cref="JwksClient.ClientId"/> must be the one asked for; null if there is none.</returns>
    ValueTask<JwksClient?> FindAsync(string clientId, CancellationToken cancellationToken);
}
