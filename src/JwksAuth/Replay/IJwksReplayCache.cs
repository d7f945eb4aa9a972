namespace JwksAuth;

/// <summary>
/// Remembers used single-use tokens, such as DPoP proofs (RFC 9449 section 11.1). The default is in memory, for one process; register
/// another implementation to share it among replicas.
/// </summary>
public interface IJwksReplayCache
{
    /// <summary>Adds a token if it is new, atomically. An exception is answered 503, like <see cref="JwksReplayResult.Full"/>.</summary>
    /// <param name="entry">The token.</param>
    /// <returns>Whether the token was new and has been added.</returns>
    ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken);
}
