namespace JwksAuth.Introspection.Configuration;

internal sealed class IntrospectionSchemes
{
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
}
