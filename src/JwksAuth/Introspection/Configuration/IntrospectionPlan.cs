using JwksAuth.Introspection.Cache;
using JwksAuth.Introspection.Server;
using JwksAuth.Keys.Registry;

namespace JwksAuth.Introspection.Configuration;

/// <summary>The compiled options of a scheme, immutable. Changed options get a new plan with new caches.</summary>
internal sealed class IntrospectionPlan : IOptionPlan
{
    public required string Scheme { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public bool IsConfigured => Faults.Count == 0;

    /// <summary>Introspects tokens; null if the scheme is misconfigured.</summary>
    public required Introspector? Introspector { get; init; }

    public required AuthorizationServer? Server { get; init; }
}
