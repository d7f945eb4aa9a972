namespace JwksAuth;

/// <summary>What the metadata of a protected resource says (RFC 9728 section 2), beyond what the schemes' options know.</summary>
public sealed class JwksProtectedResourceOptions
{
    /// <summary>
    /// The resource identifier, an https URL without fragment. Default null: scheme, host and path of the request; set it where a proxy hides them, or
    /// where the host name of a request cannot be relied on.
    /// </summary>
    public string? Resource { get; set; }

    /// <summary>The schemes whose authorization servers are named. Default empty: every scheme of this package.</summary>
    public IList<string> Schemes { get; } = [];

    /// <summary>The issuers of tokens. Default empty: those that the schemes trust.</summary>
    public IList<string> AuthorizationServers { get; } = [];

    /// <summary>The scopes that clients may ask for. Default empty: those that the endpoints of the resource ask for.</summary>
    public IList<string> ScopesSupported { get; } = [];

    /// <summary>What people call the resource. Default null: it is left out.</summary>
    public string? ResourceName { get; set; }

    /// <summary>The address of documentation for developers. Default null: it is left out.</summary>
    public string? ResourceDocumentation { get; set; }
}
