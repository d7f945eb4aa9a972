namespace JwksAuth.Bearer.Configuration;

/// <summary>The names of the schemes and validators of this package.</summary>
internal sealed class JwksSchemes
{
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
}
