using System.Security.Cryptography;
using System.Text;
using JwksAuth.Keys;

namespace JwksAuth.Fleet;

/// <summary>A source as all replicas know it.</summary>
/// <param name="Key">Of fixed length, and safe as a key of any store.</param>
/// <param name="Address">What operators know the source by.</param>
internal sealed record FleetSourceName(string Key, string Address)
{
    /// <summary>Names a source by where its keys come from. How strictly keys are read is each replica's own matter.</summary>
    public static FleetSourceName Of(KeySourceIdentity identity)
    {
        var parts = string.Join('\n', identity.MetadataAddress, identity.FallbackMetadataAddress, identity.JwksUri);
        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts))), identity.Address);
    }
}
