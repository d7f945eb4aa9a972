namespace JwksAuth.Replay;

/// <summary>Used tokens in memory. Each kind has a bounded room of its own, so that none can take up that of another.</summary>
internal sealed class MemoryReplayCache(TimeProvider time, int capacity = MemoryReplayCache.DefaultCapacity) : IJwksReplayCache
{
    /// <summary>How many tokens of each kind are remembered at most.</summary>
    public const int DefaultCapacity = 100_000;

    private readonly ReplayRoom[] _rooms = [.. Enum.GetNames<JwksReplayKind>().Select(_ => new ReplayRoom(time, capacity))];

    public int CountOf(JwksReplayKind kind) => _rooms[(int)kind].Count;

    public ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken) => new(_rooms[(int)entry.Kind].TryAdd(entry));
}
