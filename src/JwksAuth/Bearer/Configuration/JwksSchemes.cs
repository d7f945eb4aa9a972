namespace JwksAuth.Bearer.Configuration;

/// <summary>The names of the schemes that this package validates tokens for.</summary>
internal sealed class JwksSchemes
{
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
}
