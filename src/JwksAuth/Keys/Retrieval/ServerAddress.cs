
using JwksAuth.Foundation.Settings;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Judges configured addresses of authorization servers.</summary>
internal static class ServerAddress
{
    /// <summary>Whether an address is there and may be used; one that is there and may not is reported.</summary>
    public static bool IsUsable(string? address, string option, RetrievalSettings http, OptionFaults faults)
    {
        if (string.IsNullOrEmpty(address))
            return false;
        if (AddressGate.TryPass(address, http, out _, out var fault))
            return true;

        faults.Add(option, address, fault);
        return false;
    }

    /// <summary>The same for the base address of an authorization server, to which the well-known paths of its metadata are added.</summary>
    public static bool IsUsableAuthority(string? address, string option, RetrievalSettings http, OptionFaults faults)
    {
        if (!IsUsable(address, option, http, faults))
            return false;

        var uri = new Uri(address!, UriKind.Absolute);
        if (uri.AbsolutePath.Contains("/.well-known/", StringComparison.Ordinal))
            faults.Add(option, address, "is the address of a document, not of its issuer: take away '/.well-known/' and what follows, or set it as MetadataAddress (a JWKS: as JwksUri) in place of the authority");
        else if (uri.Query.Length > 0)
            faults.Add(option, address, "has a query, and the addresses of metadata are made by adding a path: set MetadataAddress in its place");
        else
            return true;
        return false;
    }
}
