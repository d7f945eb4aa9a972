namespace JwksAuth.Requests;

/// <summary>What the rules of access need to know of a scheme.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="RequiresEndpointOptIn">Whether endpoints are closed to its tokens until they open themselves.</param>
/// <param name="Issuers">The issuers that it trusts, as far as configuration names them; read only when they are gone through.</param>
/// <param name="AsksForScopes">Whether the scheme itself answers 403 to a token without certain scopes.</param>
internal sealed record SchemeProfile(string Scheme, bool RequiresEndpointOptIn, IEnumerable<string> Issuers, bool AsksForScopes = false);

/// <summary>Describes the schemes of one kind as they are configured now; each kind registers its own.</summary>
internal interface ISchemeProfiles
{
    /// <summary>What validates tokens under a name of its own; options are not read for it.</summary>
    IEnumerable<string> Names { get; }

    IEnumerable<SchemeProfile> Read();
}
