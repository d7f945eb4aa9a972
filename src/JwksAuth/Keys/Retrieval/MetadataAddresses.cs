namespace JwksAuth.Keys.Retrieval;

/// <summary>Where an authority publishes its metadata.</summary>
internal static class MetadataAddresses
{
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
}
