using System.Diagnostics.CodeAnalysis;
using JwksAuth.Bearer.Identity;
using JwksAuth.Foundation.Time;
using Microsoft.Extensions.Caching.Memory;

namespace JwksAuth.Bearer.Cache;

/// <summary>
/// Accepted tokens, so that a repeated token costs a lookup and a comparison. An entry lives no longer than its token and the key that
/// verified it, and the cache no longer than the options it was created for. Refused tokens are never cached.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A running request may still use the cache of replaced options.")]
internal sealed class ValidatedTokenCache
{
    // 96 bits of the signature: enough as a lookup key, and faster than a hash of the whole token. It proves nothing: a found token is
    // compared exactly.
    private const int TailLength = 16;

    // Keys with this prefix map a signed token to its encrypted form; no token contains the character.
    private const string Inside = "=";

    private readonly Lock _encrypted = new();
    private readonly MemoryCache _entries;
    private readonly FirstSights _firstSights;
    private readonly TimeProvider _time;
    private readonly TimeSpan _duration;
    private readonly TokenCacheTelemetry _telemetry;

    public ValidatedTokenCache(int capacity, TimeSpan duration, TimeProvider time, TokenCacheTelemetry telemetry)
    {
        _time = time;
        _duration = duration;
        _telemetry = telemetry;
        _firstSights = new FirstSights(capacity);
        _entries = BoundedCache.Create(capacity, time);
    }

    public int Count => _entries.Count;

    /// <summary>The token as it was accepted; null if it is not cached, or if anything that its acceptance rests on has changed.</summary>
    public ValidatedToken? Find(ReadOnlySpan<char> text)
    {
        var found = _entries.TryGetValue(TailOf(text), out var value)
            && value is ValidatedToken token && token.IsTextOf(text) && IsAlive(token)
            ? token
            : null;
        _telemetry.Asked(found is not null);
        return found;
    }

    /// <summary>
    /// Caches a token on its second use; the first use only leaves a mark. Tokens that are used once evict nothing and cost almost nothing,
    /// and a token that is used a hundred times is verified twice.
    /// </summary>
    public void AddRepeated(ReadOnlySpan<char> text, ValidatedToken token)
    {
        if (_firstSights.IsRepeated(TailOf(text)))
            Add(TailOf(text).ToString(), token);
    }

    /// <summary>
    /// Caches an encrypted token on its first use, replacing any other that contains the same signed token. Anyone who has a signed token
    /// can encrypt it any number of times, and gets one entry for all of them.
    /// </summary>
    public void AddEncrypted(ReadOnlySpan<char> text, ReadOnlySpan<char> inside, ValidatedToken token)
    {
        var (key, owner) = (TailOf(text).ToString(), $"{Inside}{TailOf(inside)}");
        lock (_encrypted)
        {
            if (_entries.TryGetValue(owner, out var value) && value is string replaced)
                _entries.Remove(replaced);
            Add(key, token);
            Add(owner, key);
        }
    }

    public void Clear()
    {
        _entries.Clear();
        _firstSights.Clear();
    }

    private void Add(string key, object value)
    {
        using var entry = _entries.CreateEntry(key);
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = _duration;
        entry.Value = value;
    }

    private static ReadOnlySpan<char> TailOf(ReadOnlySpan<char> text) => text[Math.Max(0, text.Length - TailLength)..];

    private bool IsAlive(ValidatedToken token)
    {
        var now = _time.GetUtcNow();
        var (key, issuer, expiresAt, _) = token.Acceptance;
        if (now >= expiresAt || !issuer.Source.IsCurrent(key) || issuer.IsNamed(token.Token.Issuer) != true)
            return false;

        key.MarkUsed(now);
        return true;
    }
}
