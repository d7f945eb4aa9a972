namespace JwksAuth;

/// <summary>
/// Remembers what may be used once, such as DPoP proofs (RFC 9449 section 11.1). The default keeps it in memory, for one process; register another to share
/// it among replicas.
/// </summary>
public interface IJwksReplayCache
{
    /// <summary>Remembers a token if it is new, in one step. An exception is answered with 503, as <see cref="JwksReplayResult.Full"/> is.</summary>
    /// <param name="entry">The token.</param>
    /// <param name="cancellationToken">Set when the caller gives up.</param>
    /// <returns>Whether the token was new and is remembered now.</returns>
    ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken);
}
