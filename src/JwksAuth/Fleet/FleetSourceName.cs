using System.Security.Cryptography;
using System.Text;
using JwksAuth.Keys;

namespace JwksAuth.Fleet;

/// <summary>The name of a source that all replicas agree on.</summary>
internal sealed record FleetSourceName(string Key, string Address)
{
    /// <summary>Names a source by the address of its keys, regardless of how strictly each replica reads them.</summary>
    public static FleetSourceName Of(KeySourceIdentity identity)
    {
        var parts = string.Join('\n', identity.MetadataAddress, identity.FallbackMetadataAddress, identity.JwksUri);
        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts))), identity.Address);
    }
}
