using System.Text.Encodings.Web;

namespace JwksAuth.Diagnostics;

/// <summary>Addresses as operators may see them: without what may be secret in them.</summary>
internal static class AddressText
{
    private const int MaximumLength = 200;
    private const string Hidden = "***";

    /// <summary>An address without user information, query and fragment; cut and escaped, because metadata or a resolver may have named it.</summary>
    public static string Show(Uri address)
    {
        var shown = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (address.Query.Length > 0)
            shown += "?*";
        return JavaScriptEncoder.Default.Encode(shown.Length <= MaximumLength ? shown : shown[..MaximumLength]);
    }

    /// <summary>
    /// A setting without the secrets of an address: user information, and the query of an http address. Also where it is so wrong that it is
    /// no address: there everything before the last <c>@</c> counts as user information.
    /// </summary>
    public static string Redact(string value)
    {
        var isHttp = Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";
        var query = value.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0 && value.Contains("//", StringComparison.Ordinal))
            value = value[..query] + "?*";
        if (isHttp && uri!.UserInfo.Length == 0)
            return value;

        var end = value.LastIndexOf('@');
        var authority = value.IndexOf("//", StringComparison.Ordinal);
        var isAddress = authority >= 0 || value.Contains(':', StringComparison.Ordinal);
        var start = authority >= 0 && authority < end ? authority + 2 : 0;
        return end < 0 || !isAddress ? value : value[..start] + Hidden + value[end..];
    }
}
