using System.Collections.Frozen;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>The compiled options, immutable. Changed options get a new plan.</summary>
internal sealed class AssertionPlan : IOptionPlan
{
    /// <summary>The options, which own the key sources of the clients until they are replaced.</summary>
    public required JwksClientAssertionOptions Options { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public bool IsConfigured => Faults.Count == 0;

    public required string[] Audiences { get; init; }

    public required bool AcceptsSeveralAudiences { get; init; }

    public required HeaderRules Header { get; init; }

    public required TimeSpan MaximumLifetime { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    public required FrozenDictionary<string, JwksClient> Clients { get; init; }

    public required RetrievalSettings Http { get; init; }

    public required KeySourceTuning Tuning { get; init; }

    public required int MaximumClients { get; init; }
}
