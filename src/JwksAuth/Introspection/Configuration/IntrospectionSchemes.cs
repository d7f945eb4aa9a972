namespace JwksAuth.Introspection.Configuration;

/// <summary>The names of the introspection schemes.</summary>
internal sealed class IntrospectionSchemes
{
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
}
