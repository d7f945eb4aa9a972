using JwksAuth.Keys;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Schemes;

/// <summary>Judges configured addresses of authorization servers.</summary>
internal static class ServerAddress
{
    /// <summary>Whether an address is there and may be used; one that is there and may not is reported.</summary>
    public static bool IsUsable(string? address, string option, RetrievalSettings http, OptionFaults faults)
    {
        if (string.IsNullOrEmpty(address))
            return false;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0)
        {
            faults.Add(option, address, "is not an absolute https URL without credentials");
            return false;
        }

        if (!DocumentRetriever.IsAllowed(uri, http))
        {
            faults.Add(option, address, "is not https: use https, or set RequireHttpsMetadata to false for a loopback address (AllowInsecureHttp for any)");
            return false;
        }

        return true;
    }
}
