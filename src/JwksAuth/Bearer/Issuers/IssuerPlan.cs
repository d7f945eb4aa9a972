using System.Collections.Immutable;
using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer.Issuers;

/// <summary>One trusted issuer: its accepted names, its key source, and the audiences of its tokens.</summary>
internal sealed class IssuerPlan
{
    /// <summary>The configured names; a token's issuer is compared with them exactly.</summary>
    public required ImmutableArray<string> Names { get; init; }

    public required IKeySource Source { get; init; }

    /// <summary>The accepted audiences; null accepts any.</summary>
    public required string[]? Audiences { get; init; }

    /// <summary>The source whose metadata names the keys; null if no metadata is used.</summary>
    public RemoteKeySource? Discovery { get; init; }

    /// <summary>The issuer that the metadata must name; null if no metadata is used.</summary>
    public ExpectedIssuer? Expected { get; init; }

    /// <summary>Whether a token may also name the issuer exactly as the metadata does, because it is not configured.</summary>
    public bool IsNamedByMetadata { get; init; }

    /// <summary>Whether the application validates the issuers of tokens itself.</summary>
    public bool AcceptsAnyName { get; init; }

    /// <summary>Possible names before the metadata is known: an authority is often configured without its trailing slash.</summary>
    public ImmutableArray<string> PossibleNames => field.IsDefault ? field = [.. FindPossibleNames()] : field;

    /// <summary>Whether only the metadata names the issuer; no other issuer is trusted then.</summary>
    public bool IsNameless => Expected is { TakesFirst: true };

    /// <summary>The issuer that the metadata names, if it is accepted; null before the metadata has been read.</summary>
    public string? MetadataIssuer => Discovery?.Metadata?.Issuer is { } issuer && MayName(issuer) ? issuer : null;

    /// <summary>Whether a token's issuer is exactly this one; null while the metadata that decides this is unknown or refused.</summary>
    public bool? IsNamed(ReadOnlySpan<char> issuer)
    {
        if (AcceptsAnyName)
            return true;
        if (Discovery is null)
            return IsStated(issuer);

        // Metadata that names another issuer leads to the keys of another issuer.
        var named = Discovery.Metadata?.Issuer;
        var isRefused = named is not null && !MayName(named);
        if (!isRefused && (IsStated(issuer) || (IsNamedByMetadata && issuer.SequenceEqual(named))))
            return true;

        var mayBe = (named is null || isRefused) && (IsNameless || Contains(PossibleNames, issuer));
        return mayBe || IsRefused(issuer) ? null : false;
    }

    /// <summary>Whether a key that verifies a token may sign tokens of the token's issuer.</summary>
    public bool MaySign(VerificationKey signer, JsonWebToken token) =>
        signer.Issuer is null
        || signer.MaySignFor(token.Issuer, token.TryGetPayloadValue<string>("tid", out var tenant) ? tenant : null, MetadataIssuer);

    /// <summary>The published configuration of the issuer, for code of the application.</summary>
    public PublishedConfiguration Publishes => field ??= new PublishedConfiguration(this);

    /// <summary>Whether metadata that names this issuer was refused; its tokens cannot be judged until that is corrected.</summary>
    public bool IsRefused(ReadOnlySpan<char> issuer) =>
        Discovery?.Names.Refused is { } refused && (issuer.SequenceEqual(refused) || IssuerName.IsTemplateOf(refused, issuer));

    /// <summary>Why the current metadata may not name its issuer, for the log; null if it may, or if there is no metadata.</summary>
    public string? DescribeRefusal() => Discovery is { Metadata.Issuer: { } issuer } && !MayName(issuer)
        ? Discovery.Names.Describe(Expected!, Discovery.Identity.ShownAddress, issuer)
        : null;

    private bool MayName(string issuer) => Discovery!.Names.IsAccepted(Expected!, issuer);

    private bool IsStated(ReadOnlySpan<char> issuer) => Contains(Names, issuer);

    private IEnumerable<string> FindPossibleNames()
    {
        if (!IsNamedByMetadata)
            return Names;
        var stated = Expected?.Derived is { } derived ? Names.Append(derived) : Names;
        return stated.SelectMany(IssuerName.FormsOf).Distinct(StringComparer.Ordinal);
    }

    private static bool Contains(ImmutableArray<string> names, ReadOnlySpan<char> issuer)
    {
        foreach (var name in names)
        {
            if (issuer.SequenceEqual(name))
                return true;
        }

        return false;
    }
}
