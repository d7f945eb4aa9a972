namespace JwksAuth.Replay;

/// <summary>The replay cache that replicas share. A call may fail or never complete; the caller handles both.</summary>
internal interface ISharedReplays
{
    /// <summary>The maximum time that one request waits for it.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Adds a token; false if it was used before.</summary>
    Task<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken);
}
