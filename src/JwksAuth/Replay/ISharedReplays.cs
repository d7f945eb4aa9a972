namespace JwksAuth.Replay;

/// <summary>Where replicas remember together what may be used once. May fail or take for ever; the caller is prepared for both.</summary>
internal interface ISharedReplays
{
    /// <summary>How long one request may wait for it.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Remembers a token; false if it was used before.</summary>
    /// <param name="key">Identifies the token, with its kind and its sender.</param>
    /// <param name="lifetime">How long it can be used again.</param>
    /// <param name="cancellationToken">Set when the caller gives up.</param>
    Task<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken);
}
