namespace JwksAuth;

/// <summary>
/// Remembers what may be used once, such as DPoP proofs (RFC 9449 section 11.1). The default is in memory and so good for one process; register
/// another to share it among replicas.
/// </summary>
public interface IJwksReplayCache
{
    /// <summary>Remembers a token, in one step with the question whether it was used before.</summary>
    /// <param name="key">Stands for the token, its kind and its sender: 43 characters of base64url.</param>
    /// <param name="lifetime">How long the token could be used again; it may be forgotten after that, not before.</param>
    /// <param name="cancellationToken">Set when the caller gives up.</param>
    /// <returns>Whether it was new and is remembered now. False refuses the token: also where there is no room, because one that is not remembered can be used again.</returns>
    ValueTask<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken);
}
