namespace JwksAuth.Bearer.Issuers;

/// <summary>Finds the issuer of a token among the configured ones, without allocating.</summary>
internal sealed class TrustedIssuers
{
    private readonly Dictionary<string, IssuerPlan>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly IssuerPlan? _only;
    private readonly bool _isComplete;

    /// <param name="isComplete">Whether no other issuer is trusted, because there is no resolver.</param>
    public TrustedIssuers(IReadOnlyList<IssuerPlan> plans, bool isComplete)
    {
        All = plans;
        _isComplete = isComplete;
        var byName = new Dictionary<string, IssuerPlan>(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            foreach (var name in plan.PossibleNames)
                byName.TryAdd(name, plan);
        }

        _byName = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        _only = isComplete && plans is [var only] ? only : null;
    }

    public IReadOnlyList<IssuerPlan> All { get; }

    public bool AcceptsAnyIssuer => _only is { AcceptsAnyName: true };

    /// <summary>The plan of an issuer; null if no configured issuer can match. Unconfirmed until the metadata is known.</summary>
    public IssuerPlan? Find(ReadOnlySpan<char> issuer)
    {
        if (_byName.TryGetValue(issuer, out var plan))
            return plan;
        if (_only is { } only)
            return only.IsNamed(issuer) == false ? null : only;
        return _isComplete ? FindRefused(issuer) : null;
    }

    // Refused metadata determines which tokens cannot be judged. With a resolver, the resolver determines which of them are trusted.
    private IssuerPlan? FindRefused(ReadOnlySpan<char> issuer)
    {
        foreach (var plan in All)
        {
            if (plan.IsRefused(issuer))
                return plan;
        }

        return null;
    }
}
