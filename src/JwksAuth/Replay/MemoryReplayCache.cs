namespace JwksAuth.Replay;

/// <summary>A replay cache in memory. Each kind of token has its own limit, so that no kind can displace another.</summary>
internal sealed class MemoryReplayCache(TimeProvider time, int capacity = MemoryReplayCache.DefaultCapacity) : IJwksReplayCache
{
    public const int DefaultCapacity = 100_000;

    private readonly ReplayRoom[] _rooms = [.. Enum.GetNames<JwksReplayKind>().Select(_ => new ReplayRoom(time, capacity))];

    public int CountOf(JwksReplayKind kind) => _rooms[(int)kind].Count;

    public ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken) =>
        new(_rooms[(int)entry.Kind].TryAdd(entry));
}
