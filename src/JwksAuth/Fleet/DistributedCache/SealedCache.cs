using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Distributed;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>The cache entries of one source. Removes and ignores invalid entries, so that they cannot block the fleet.</summary>
internal sealed class SealedCache(IDistributedCache cache, CacheSeal seal, string key, Action onRefusal)
{
    // Allows for the size of the seal.
    private const int MaximumBytes = SharedDocument.MaximumBytes + 4096;

    private static readonly DistributedCacheEntryOptions Lifetime = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(7) };

    private readonly string _claimKey = key + ":claim";

    public Task<CopyEntry?> ReadCopyAsync(CancellationToken cancellationToken) => ReadAsync(key, CopyEntry.Read, cancellationToken);

    public Task<ClaimEntry?> ReadClaimAsync(CancellationToken cancellationToken) =>
        ReadAsync(_claimKey, ClaimEntry.Read, cancellationToken);

    public Task WriteAsync(CopyEntry copy, CancellationToken cancellationToken) =>
        cache.SetAsync(key, seal.Close(copy.Write(), key), Lifetime, cancellationToken);

    public Task WriteAsync(ClaimEntry claim, CancellationToken cancellationToken) =>
        cache.SetAsync(_claimKey, seal.Close(claim.Write(), _claimKey), Lifetime, cancellationToken);

    public Task RemoveClaimAsync(CancellationToken cancellationToken) => cache.RemoveAsync(_claimKey, cancellationToken);

    private async Task<T?> ReadAsync<T>(string entryKey, Func<byte[], T?> read, CancellationToken cancellationToken)
        where T : class
    {
        if (await cache.GetAsync(entryKey, cancellationToken) is not { } bytes)
            return null;
        if (TryOpen(bytes, entryKey) is { } opened && read(opened) is { } entry)
            return entry;

        await cache.RemoveAsync(entryKey, cancellationToken);
        onRefusal();
        return null;
    }

    private byte[]? TryOpen(byte[] bytes, string entryKey)
    {
        try
        {
            return bytes.Length <= MaximumBytes ? seal.Open(bytes, entryKey) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
