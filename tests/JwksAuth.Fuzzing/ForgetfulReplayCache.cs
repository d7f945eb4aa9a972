namespace JwksAuth.Fuzzing;

/// <summary>Stores uses only during one input: millions of inputs would fill any other cache.</summary>
internal sealed class ForgetfulReplayCache : IJwksReplayCache
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public void Forget() => _used.Clear();

    public ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken) =>
        new(_used.Add(entry.Key) ? JwksReplayResult.Added : JwksReplayResult.Used);
}
