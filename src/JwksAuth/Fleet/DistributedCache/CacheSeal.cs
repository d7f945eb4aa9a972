using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>
/// Seals what goes into the cache, so that nobody without the keys of the application's Data Protection can write an entry that is taken, or
/// move one to the place of another.
/// </summary>
internal sealed class CacheSeal(IDataProtectionProvider protection, IOptions<KeyManagementOptions> keys)
{
    /// <summary>
    /// Whether the application told Data Protection where to keep its keys. The default is a folder of each machine: what one replica
    /// sealed, no other could open.
    /// </summary>
    public bool IsShared => keys.Value.XmlRepository is not null;

    public byte[] Close(byte[] entry, string key) => IsShared ? ProtectorOf(key).Protect(entry) : entry;

    /// <exception cref="System.Security.Cryptography.CryptographicException">Somebody else has sealed it, for another place, or nobody.</exception>
    public byte[] Open(byte[] entry, string key) => IsShared ? ProtectorOf(key).Unprotect(entry) : entry;

    private IDataProtector ProtectorOf(string key) => protection.CreateProtector("JwksAuth.Fleet.v1", key);
}
