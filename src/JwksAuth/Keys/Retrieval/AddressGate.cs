using System.Diagnostics.CodeAnalysis;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Checks every address before a request: configured addresses, addresses in metadata, and addresses shared by replicas.</summary>
internal static class AddressGate
{
    /// <summary>Whether an address may be used; if not, the fault completes the sentence "The address …".</summary>
    public static bool TryPass(
        string? address, RetrievalSettings settings, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? fault)
    {
        fault = Uri.TryCreate(address, UriKind.Absolute, out uri) ? FaultOf(uri, settings) : "is not an absolute https URL";
        return fault is null;
    }

    private static string? FaultOf(Uri uri, RetrievalSettings settings)
    {
        if (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
            return "is not an absolute https URL";
        if (HasUserInformation(uri))
            return "contains user information (the part before an @): remove it, credentials are never part of an address";
        if (uri.Fragment.Length > 0)
            return "has a fragment (#), which is never sent to the server: remove it";
        return uri.Scheme == Uri.UriSchemeHttps || settings.AllowAnyHttp || (settings.AllowLoopbackHttp && uri.IsLoopback)
            ? null
            : Insecure(settings);
    }

    private static string Insecure(RetrievalSettings settings) => settings switch
    {
        { AllowLoopbackHttp: true } =>
            "is http, and its host is not a loopback address: use https" + (settings.OffersAnyHttp ? ", or set AllowInsecureHttp" : ""),
        _ => "is not https: use https, or set RequireHttpsMetadata to false for a loopback address"
            + (settings.OffersAnyHttp ? " (AllowInsecureHttp for any)" : ""),
    };

    // RFC 9110 section 4.2.4. Empty user information counts as well: it only serves to mislead readers of the address.
    private static bool HasUserInformation(Uri uri)
    {
        var authority = uri.OriginalString.AsSpan();
        authority = authority[(authority.IndexOf(':') + 1)..].TrimStart("/\\");
        var end = authority.IndexOfAny("/\\?#");
        return uri.UserInfo.Length > 0 || (end < 0 ? authority : authority[..end]).Contains('@');
    }
}
