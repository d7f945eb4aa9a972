using System.Diagnostics.CodeAnalysis;
using JwksAuth.Bearer.Identity;
using JwksAuth.Foundation.Time;
using Microsoft.Extensions.Caching.Memory;

namespace JwksAuth.Bearer.Cache;

/// <summary>
/// Tokens that were accepted, so that a repeated one costs a look-up and a comparison. An entry lives no longer than its token and than
/// the key that verified it, and the whole cache no longer than the options it was made for. Refused tokens are never kept.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A request under way may still ask the cache of options that have changed; the collector has the rest.")]
internal sealed class ValidatedTokenCache
{
    // 96 bits of the signature: enough to find a token by, and read faster than anything could be computed from the whole. It proves nothing:
    // what is found is compared to the last character.
    private const int TailLength = 16;

    // Keys that begin with this lead from a signed token to its encrypted form; no token has the character.
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

    /// <summary>The token as it was accepted; null if it was not, or if anything that this rested on has changed.</summary>
    public ValidatedToken? Find(ReadOnlySpan<char> text)
    {
        var found = _entries.TryGetValue(TailOf(text), out var value) && value is ValidatedToken token && token.IsTextOf(text) && IsAlive(token)
            ? token
            : null;
        _telemetry.Asked(found is not null);
        return found;
    }

    /// <summary>
    /// Keeps a token that comes a second time; of the first time it only keeps a mark. Tokens that come once displace nothing and cost
    /// next to nothing, and who sends one a hundred times pays for two verifications.
    /// </summary>
    public void AddRepeated(ReadOnlySpan<char> text, ValidatedToken token)
    {
        if (_firstSights.IsRepeated(TailOf(text)))
            Add(TailOf(text).ToString(), token);
    }

    /// <summary>
    /// Keeps an encrypted token from its first use on, in place of any other that has the same signed token inside: everybody who holds a signed token
    /// can encrypt it any number of times, and gets one entry for all of them.
    /// </summary>
    /// <param name="text">The encrypted token.</param>
    /// <param name="inside">The signed token in it.</param>
    /// <param name="token">The token, as it was accepted.</param>
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
