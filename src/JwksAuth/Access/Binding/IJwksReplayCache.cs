namespace JwksAuth;

/// <summary>
/// Remembers which DPoP proofs were used (RFC 9449 section 11.1). The default is in memory and so good for one process; register another to share
/// it among replicas.
/// </summary>
public interface IJwksReplayCache
{
    /// <summary>Remembers a proof, in one step with the question whether it was used before.</summary>
    /// <param name="key">Stands for the proof: 43 characters of base64url.</param>
    /// <param name="lifetime">How long the proof could be used again; it may be forgotten after that, not before.</param>
    /// <param name="cancellationToken">Set when the caller gives up.</param>
    /// <returns>Whether it was new and is remembered now. False refuses the request: also where there is no room, because a proof that is not remembered can be used again.</returns>
    ValueTask<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken);
}
