namespace JwksAuth.Keys.Retrieval;

/// <summary>Where an authority publishes its metadata.</summary>
internal static class MetadataAddresses
{
    private static readonly string[] WellKnown = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

    /// <summary>
    /// The OpenID Connect document, appended to the authority (Discovery 1.0 section 4), and the OAuth one, inserted between host and
    /// path (RFC 8414 section 3.1).
    /// </summary>
    public static (string OpenId, string OAuth) Of(string authority)
    {
        var uri = new Uri(authority, UriKind.Absolute);
        var path = uri.AbsolutePath.TrimEnd('/');
        var host = uri.GetLeftPart(UriPartial.Authority);
        return ($"{host}{path}/.well-known/openid-configuration", $"{host}/.well-known/oauth-authorization-server{path}");
    }

    /// <summary>
    /// The issuer whose metadata is at this address, by the same sections: the address without its well-known part. Null for an address of
    /// another form, which says nothing about the issuer.
    /// </summary>
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
