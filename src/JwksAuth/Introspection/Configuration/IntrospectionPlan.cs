
using JwksAuth.Introspection.Cache;
using JwksAuth.Introspection.Server;
using JwksAuth.Keys.Registry;

namespace JwksAuth.Introspection.Configuration;

/// <summary>
/// What a scheme's options were compiled to: everything that is decided once, so that a request decides nothing twice.
/// Immutable; changed options make another plan, with caches of its own.
/// </summary>
internal sealed class IntrospectionPlan : IOptionPlan
{
    public required string Scheme { get; init; }

    /// <summary>What is wrong with the options, for the log; empty when the scheme is configured.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public bool IsConfigured => Faults.Count == 0;

    /// <summary>Judges tokens by this plan; null unless it is configured.</summary>
    public required Introspector? Introspector { get; init; }

    public required AuthorizationServer? Server { get; init; }
}
