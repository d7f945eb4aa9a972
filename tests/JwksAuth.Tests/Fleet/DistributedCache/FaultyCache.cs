using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Fleet.DistributedCache;

/// <summary>The framework's own cache in memory, with faults.</summary>
internal sealed class FaultyCache(TimeProvider time) : IDistributedCache
{
    private readonly MemoryDistributedCache _inner = new(Options.Create(new MemoryDistributedCacheOptions()));
    private readonly ConcurrentDictionary<string, byte> _keys = new();
    private readonly SemaphoreSlim _delayed = new(0);

    public Action? Fault { get; set; }

    /// <summary>Reports every write as successful, and stores nothing.</summary>
    public bool IsForgetful { get; set; }

    /// <summary>Never answers, even if the caller cancels.</summary>
    public bool IsHanging { get; set; }

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Delay { get; set; }

    public IReadOnlyList<string> Keys => [.. _keys.Keys];

    public IEnumerable<byte[]> Values => Keys.Select(key => _inner.Get(key)).OfType<byte[]>();

    public byte[]? Get(string key) => throw new NotSupportedException();

    /// <summary>Completes when one more call waits for its delayed answer.</summary>
    public Task NextDelayAsync() => _delayed.WaitAsync();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        Fault?.Invoke();
        if (IsHanging)
            return await new TaskCompletionSource<byte[]?>().Task;
        if (Delay > TimeSpan.Zero)
        {
            var delay = Task.Delay(Delay, time, token);
            _delayed.Release();
            await delay;
        }

        return await _inner.GetAsync(key, token);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Fault?.Invoke();
        if (IsHanging)
            return new TaskCompletionSource().Task;
        if (IsForgetful)
            return Task.CompletedTask;
        _keys[key] = 0;
        return _inner.SetAsync(key, value, options, token);
    }

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    public Task RemoveAsync(string key, CancellationToken token = default) => _inner.RemoveAsync(key, token);
}
