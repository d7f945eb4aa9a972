using System.Collections.Frozen;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>What the options were compiled to. Immutable; changed options make another plan.</summary>
internal sealed class AssertionPlan : IOptionPlan
{
    /// <summary>What was compiled: clients' sources are used in its name until it is replaced.</summary>
    public required JwksClientAssertionOptions Options { get; init; }

    /// <summary>What is wrong with the options, for the log; empty when all is well.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public bool IsConfigured => Faults.Count == 0;

    /// <summary>What <c>aud</c> may be.</summary>
    public required string[] Audiences { get; init; }

    public required bool AcceptsSeveralAudiences { get; init; }

    public required IReadOnlySet<SignatureAlgorithm> Algorithms { get; init; }

    public required TimeSpan MaximumLifetime { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    /// <summary>The configured clients, by identifier.</summary>
    public required FrozenDictionary<string, JwksClient> Clients { get; init; }

    /// <summary>How clients' keys are fetched.</summary>
    public required RetrievalSettings Http { get; init; }

    /// <summary>How often clients' keys are fetched.</summary>
    public required KeySourceTuning Tuning { get; init; }

    /// <summary>How many clients are kept at a time.</summary>
    public required int MaximumClients { get; init; }
}
