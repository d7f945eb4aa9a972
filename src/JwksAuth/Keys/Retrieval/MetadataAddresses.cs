namespace JwksAuth.Keys.Retrieval;

internal static class MetadataAddresses
{
    private static readonly string[] WellKnown = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

    /// <summary>The address by Discovery 1.0 section 4 (appended) and by RFC 8414 section 3.1 (inserted after the host).</summary>
    public static (string OpenId, string OAuth) Of(string authority)
    {
        var uri = new Uri(authority, UriKind.Absolute);
        var path = uri.AbsolutePath.TrimEnd('/');
        var host = uri.GetLeftPart(UriPartial.Authority);
        return ($"{host}{path}/.well-known/openid-configuration", $"{host}/.well-known/oauth-authorization-server{path}");
    }

    /// <summary>The issuer: the address without its well-known part; null for any other form of address.</summary>
    public static string? IssuerOf(string address)
    {
        if (address.IndexOfAny(['?', '#']) >= 0 || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return null;

        foreach (var wellKnown in WellKnown)
        {
            var start = address.IndexOf(wellKnown, StringComparison.Ordinal);
            if (start < 0 || address.IndexOf("/.well-known/", start + 1, StringComparison.Ordinal) >= 0)
                continue;

            var (before, after) = (address[..start], address[(start + wellKnown.Length)..]);
            var isInserted = before.AsSpan(uri.Scheme.Length + "://".Length).IndexOf('/') < 0;
            if (after.Length == 0 || (isInserted && after[0] == '/'))
                return before + after;
        }

        return null;
    }
}
