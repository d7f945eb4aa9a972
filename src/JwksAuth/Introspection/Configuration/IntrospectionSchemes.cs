namespace JwksAuth.Introspection.Configuration;

/// <summary>The names of the schemes that introspect.</summary>
internal sealed class IntrospectionSchemes
{
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
}
