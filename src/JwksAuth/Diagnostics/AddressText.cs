using System.Text.Encodings.Web;

namespace JwksAuth.Diagnostics;

/// <summary>Formats addresses for operators without the secrets that they may contain.</summary>
internal static class AddressText
{
    private const int MaximumLength = 200;
    private const string Hidden = "***";

    /// <summary>Without user information, query and fragment; truncated and escaped, since metadata or a resolver may supply it.</summary>
    public static string Show(Uri address)
    {
        var shown = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (address.Query.Length > 0)
            shown += "?*";
        return JavaScriptEncoder.Default.Encode(shown.Length <= MaximumLength ? shown : shown[..MaximumLength]);
    }

    /// <summary>Hides user information and the query of an http address; if it is not a URL, all before the last <c>@</c>.</summary>
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
