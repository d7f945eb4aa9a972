using System.Collections.Frozen;

namespace JwksAuth.Bearer;

/// <summary>Finds the issuer of a token among the configured ones, without allocating.</summary>
internal sealed class TrustedIssuers
{
    private readonly FrozenDictionary<string, IssuerPlan>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly IssuerPlan[] _nameless;
    private readonly IssuerPlan? _anyIssuer;

    /// <param name="plans">The configured issuers.</param>
    /// <param name="acceptsAnyIssuer">Whether the application switched the check of the issuer off: then there is exactly one plan.</param>
    public TrustedIssuers(IReadOnlyList<IssuerPlan> plans, bool acceptsAnyIssuer)
    {
        All = plans;
        _byName = plans
            .SelectMany(plan => plan.PossibleNames.Select(name => (name, plan)))
            .DistinctBy(pair => pair.name, StringComparer.Ordinal)
            .ToFrozenDictionary(pair => pair.name, pair => pair.plan, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _nameless = [.. plans.Where(plan => plan.IsNameless)];
        _anyIssuer = acceptsAnyIssuer ? plans[0] : null;
    }

    public IReadOnlyList<IssuerPlan> All { get; }

    public bool AcceptsAnyIssuer => _anyIssuer is not null;

    /// <summary>The plan of an issuer; null if no configured one can be it. Before metadata is known the name is still to be confirmed.</summary>
    public IssuerPlan? Find(ReadOnlySpan<char> issuer)
    {
        if (_byName.TryGetValue(issuer, out var plan) && plan.IsNamed(issuer) != false)
            return plan;

        foreach (var nameless in _nameless)
        {
            if (nameless.IsNamed(issuer) != false)
                return nameless;
        }

        return _anyIssuer;
    }
}
