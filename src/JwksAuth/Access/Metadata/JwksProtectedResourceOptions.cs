namespace JwksAuth;

/// <summary>Metadata of a protected resource (RFC 9728 section 2) that the options of the schemes do not contain.</summary>
public sealed class JwksProtectedResourceOptions
{
    /// <summary>
    /// The resource identifier, an https URL without fragment. Default null: scheme, host and path of the request; set it if a proxy hides
    /// them, or if the host name of a request cannot be trusted.
    /// </summary>
    public string? Resource { get; set; }

    /// <summary>The schemes whose authorization servers are listed. Default empty: every scheme of this package.</summary>
    public IList<string> Schemes { get; } = [];

    /// <summary>The issuers of tokens. Default empty: the issuers that the schemes trust.</summary>
    public IList<string> AuthorizationServers { get; } = [];

    /// <summary>The scopes that clients may request. Default empty: the scopes that the endpoints of the resource require.</summary>
    public IList<string> ScopesSupported { get; } = [];

    /// <summary>The display name of the resource. Default null: it is omitted.</summary>
    public string? ResourceName { get; set; }

    /// <summary>The address of documentation for developers. Default null: it is omitted.</summary>
    public string? ResourceDocumentation { get; set; }
}
