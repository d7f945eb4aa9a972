using JwksAuth.Foundation.Settings;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Validates configured addresses of authorization servers.</summary>
internal static class ServerAddress
{
    /// <summary>Whether an address is set and may be used; reports one that may not.</summary>
    public static bool IsUsable(string? address, string option, RetrievalSettings http, OptionFaults faults)
    {
        if (string.IsNullOrEmpty(address))
            return false;
        if (AddressGate.TryPass(address, http, out _, out var fault))
            return true;

        faults.Add(option, address, fault);
        return false;
    }

    public static bool IsUsableAuthority(string? address, string option, RetrievalSettings http, OptionFaults faults)
    {
        if (!IsUsable(address, option, http, faults))
            return false;

        var uri = new Uri(address!, UriKind.Absolute);
        if (uri.AbsolutePath.Contains("/.well-known/", StringComparison.Ordinal))
            faults.Add(
                option, address,
                "is the address of a document, not of its issuer: remove '/.well-known/' and the rest, "
                    + "or set MetadataAddress (for a JWKS: JwksUri) instead");
        else if (uri.Query.Length > 0)
            faults.Add(option, address, "has a query, but metadata paths are appended to it: set MetadataAddress instead");
        else
            return true;
        return false;
    }
}
