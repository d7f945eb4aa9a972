namespace JwksAuth.Requests;

/// <summary>Whether a scheme could be set up from its options.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="Faults">What is wrong with its options: each names the option and its configuration key. Empty when it is configured.</param>
/// <param name="FixedKeys">Its keys from configuration, which are never fetched.</param>
internal sealed record SchemeReport(string Scheme, IReadOnlyList<string> Faults, IReadOnlyList<JwksKeyStatus> FixedKeys)
{
    /// <summary>How many tokens were refused since the start, by reason.</summary>
    public IReadOnlyDictionary<string, long> RefusedTokens { get; init; } = new Dictionary<string, long>();
}

/// <summary>What a kind of scheme tells operators of its schemes; each kind registers its own.</summary>
internal interface ISchemeReports
{
    /// <summary>From memory: no request is made.</summary>
    IEnumerable<SchemeReport> Read();
}
