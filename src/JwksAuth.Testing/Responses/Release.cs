namespace JwksAuth.Testing;

/// <summary>Runs an action when disposed, once.</summary>
internal sealed class Release(Action release) : IDisposable
{
    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
