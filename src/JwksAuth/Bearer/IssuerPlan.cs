using System.Collections.Immutable;
using JwksAuth.Jose;
using JwksAuth.Keys;

namespace JwksAuth.Bearer;

/// <summary>One trusted issuer: the names it may go by, where its keys are, and for whom its tokens must be.</summary>
/// <param name="Names">Issuers that configuration states to the letter.</param>
/// <param name="Authority">The base address whose metadata names the issuer; null if there is none.</param>
/// <param name="IsNamedByMetadata">Whether the metadata's own issuer is trusted too.</param>
/// <param name="Source">The keys.</param>
/// <param name="Audiences">The accepted audiences; null accepts any.</param>
internal sealed record IssuerPlan(
    ImmutableArray<string> Names, string? Authority, bool IsNamedByMetadata, IKeySource Source, string[]? Audiences)
{
    /// <summary>Names that lead to this issuer before its metadata is known: an authority is often configured without its last slash.</summary>
    public IEnumerable<string> PossibleNames => Authority is null || !IsNamedByMetadata
        ? Names
        : Names.Append(Authority).Append(Authority.TrimEnd('/')).Append(Authority.TrimEnd('/') + "/").Distinct(StringComparer.Ordinal);

    /// <summary>Whether only the metadata can tell the issuer's name.</summary>
    public bool IsNameless => IsNamedByMetadata && Authority is null;

    /// <summary>Whether a token's issuer is this one, to the letter; null while the metadata that decides is not known.</summary>
    public bool? IsNamed(ReadOnlySpan<char> issuer)
    {
        foreach (var name in Names)
        {
            if (issuer.SequenceEqual(name))
                return true;
        }

        if (!IsNamedByMetadata)
            return false;
        return Source.MetadataIssuer is { } metadataIssuer ? issuer.SequenceEqual(metadataIssuer) : null;
    }

    public bool Accepts(RegisteredClaims claims) => Audiences is null || claims.IsFor(Audiences);
}
