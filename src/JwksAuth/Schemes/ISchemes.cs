namespace JwksAuth.Schemes;

/// <summary>The schemes of one kind, as they are configured now. Each kind registers its own.</summary>
internal interface ISchemes
{
    /// <summary>The names of the schemes, and of validators without a scheme. Reads no options.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>What the access rules need to know of each scheme.</summary>
    IEnumerable<SchemeProfile> ReadProfiles();

    /// <summary>What operators need to know of each scheme. Makes no request.</summary>
    IEnumerable<SchemeReport> ReadReports();
}

/// <summary>What the access rules need to know of a scheme.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="RequiresEndpointOptIn">Whether endpoints are closed to its tokens until they opt in.</param>
/// <param name="Issuers">The issuers that it trusts, where configuration names them; read only when enumerated.</param>
/// <param name="AsksForScopes">Whether the scheme itself answers 403 to a token without certain scopes.</param>
internal sealed record SchemeProfile(string Scheme, bool RequiresEndpointOptIn, IEnumerable<string> Issuers, bool AsksForScopes = false);

/// <summary>Whether a scheme could be set up from its options.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="Faults">The mistakes in its options, each with the option and its configuration key; empty without mistakes.</param>
/// <param name="FixedKeys">Its keys from configuration, which are never fetched.</param>
internal sealed record SchemeReport(string Scheme, IReadOnlyList<string> Faults, IReadOnlyList<JwksKeyStatus> FixedKeys)
{
    /// <summary>How many tokens were refused since the start, by reason.</summary>
    public IReadOnlyDictionary<string, long> RefusedTokens { get; init; } = new Dictionary<string, long>();
}
