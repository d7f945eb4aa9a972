using System.Diagnostics.CodeAnalysis;
using JwksAuth.Diagnostics;
using JwksAuth.Schemes;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>
/// Tokens that were accepted, so that a repeated one costs a hash and a look-up. An entry lives no longer than its token and than the
/// key that verified it, and the whole cache no longer than the options it was made for. Refused tokens are never kept.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A request under way may still ask the cache of options that have changed; the collector has the rest.")]
internal sealed class ValidatedTokenCache
{
    private readonly MemoryCache _entries;
    private readonly TimeProvider _time;
    private readonly TimeSpan _duration;
    private readonly TokenCacheTelemetry _telemetry;

    public ValidatedTokenCache(int capacity, TimeSpan duration, TimeProvider time, TokenCacheTelemetry telemetry)
    {
        _time = time;
        _duration = duration;
        _telemetry = telemetry;
        _entries = new MemoryCache(Options.Create(new MemoryCacheOptions { SizeLimit = capacity, Clock = new MonotonicClock(time) }));
    }

    public int Count => _entries.Count;

    /// <summary>The token as it was accepted; null if it was not, or if anything that this rested on has changed.</summary>
    public RememberedToken? Find(TokenHash hash)
    {
        var found = _entries.TryGetValue(hash, out var value) && value is RememberedToken entry && IsAlive(entry) ? entry : null;
        _telemetry.Asked(found is not null);
        return found;
    }

    /// <param name="hash">What the token is known by from now on.</param>
    /// <param name="acceptance">What its acceptance rests on.</param>
    /// <param name="token">The token, if a repetition cannot bring it along; null if it can.</param>
    public void Add(TokenHash hash, Acceptance acceptance, ValidatedToken? token)
    {
        using var entry = _entries.CreateEntry(hash);
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = _duration;
        entry.Value = new RememberedToken(acceptance, token, _time.GetTimestamp());
    }

    public void Clear() => _entries.Clear();

    private bool IsAlive(RememberedToken entry)
    {
        var now = _time.GetUtcNow();
        var (key, source, expiresAt, _) = entry.Acceptance;
        if (now >= expiresAt || _time.GetElapsedTime(entry.AddedAt) >= _duration || !source.IsCurrent(key))
            return false;

        key.MarkUsed(now);
        return true;
    }
}
