using System.Diagnostics.CodeAnalysis;
using JwksAuth.Foundation.Time;
using JwksAuth.Introspection.Answers;
using Microsoft.Extensions.Caching.Memory;

namespace JwksAuth.Introspection.Cache;

/// <summary>
/// Caches verdicts. An active token stays no longer than its expiry and the key that verified the response. Rejected tokens have a separate
/// small cache, so that junk evicts no valid token, and stay just long enough to break a hot loop. Outages are not cached.
/// </summary>
[SuppressMessage("Reliability", "CA1001",
    Justification = "Requests in progress may still use the cache of replaced options; the GC frees it.")]
internal sealed class VerdictCache
{
    public const int RefusedCapacity = 1000;
    public static readonly TimeSpan RefusedDuration = TimeSpan.FromSeconds(2);

    private const int BytesPerUnit = 1024;

    private readonly TimeProvider _time;
    private readonly TimeSpan _duration;
    private readonly MemoryCache _active;
    private readonly MemoryCache _refused;

    public VerdictCache(int capacity, TimeSpan duration, TimeProvider time)
    {
        _time = time;
        _duration = duration;
        _active = BoundedCache.Create(capacity, time);
        _refused = BoundedCache.Create(RefusedCapacity, time);
    }

    public int Count => _active.Count + _refused.Count;

    /// <summary>The cached verdict; null if there is none, or its proof is no longer valid.</summary>
    public IntrospectionVerdict? Find(TokenHash hash)
    {
        if (_active.TryGetValue(hash, out var value) && value is IntrospectionVerdict { Token: { } token } active)
        {
            if (IsAlive(token))
                return active;
            _active.Remove(hash);
        }

        return _refused.TryGetValue(hash, out value) ? (IntrospectionVerdict)value! : null;
    }

    public void Add(TokenHash hash, IntrospectionVerdict verdict)
    {
        if (verdict.Token is { } token)
        {
            if (_duration > TimeSpan.Zero && IsAlive(token))
                _active.Set(hash, verdict, EntryOf(1 + (token.Size / BytesPerUnit), _duration));
        }
        else if (IsLasting(verdict.Failure!.Value))
        {
            _refused.Set(hash, verdict, EntryOf(1, RefusedDuration));
        }
    }

    private static MemoryCacheEntryOptions EntryOf(int size, TimeSpan duration) =>
        new() { Size = size, AbsoluteExpirationRelativeToNow = duration };

    // After an untrusted response, a valid one may follow as soon as the right key is known.
    private static bool IsLasting(IntrospectionFailure failure) => !failure.IsOurs() && failure != IntrospectionFailure.UntrustedAnswer;

    private bool IsAlive(ActiveToken token) =>
        (token.ExpiresAt is not { } end || _time.GetUtcNow() < end) && (token.Proof is null || token.Proof.IsCurrent);
}
