using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>Seals entries, so that nobody without the application's Data Protection keys can write a valid one, or move one.</summary>
internal sealed class CacheSeal(IDataProtectionProvider protection, IOptions<KeyManagementOptions> keys)
{
    /// <summary>Whether Data Protection keys have a configured place; by default each machine has its own keys.</summary>
    public bool IsShared => keys.Value.XmlRepository is not null;

    public byte[] Close(byte[] entry, string key) => IsShared ? ProtectorOf(key).Protect(entry) : entry;

    /// <exception cref="System.Security.Cryptography.CryptographicException">Not sealed for this place by these keys.</exception>
    public byte[] Open(byte[] entry, string key) => IsShared ? ProtectorOf(key).Unprotect(entry) : entry;

    private IDataProtector ProtectorOf(string key) => protection.CreateProtector("JwksAuth.Fleet.v1", key);
}
