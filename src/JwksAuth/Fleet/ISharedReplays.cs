namespace JwksAuth.Fleet;

/// <summary>Where replicas remember together what may be used once. May fail or take for ever; the caller is prepared for both.</summary>
internal interface ISharedReplays
{
    /// <summary>How long one request may wait for it.</summary>
    TimeSpan Timeout { get; }

    /// <inheritdoc cref="IJwksReplayCache.TryAddAsync"/>
    Task<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken);
}
