using System.Security.Cryptography.X509Certificates;
using JwksAuth.Diagnostics;

namespace JwksAuth.Keys;

/// <summary>The identity of a remote source. Users with equal identities share one key set and one cooldown.</summary>
/// <param name="Issuer">The first user's issuer, for reports; null if not configured. Each user checks the metadata's issuer.</param>
/// <param name="MetadataAddress">The discovery document; null when <paramref name="JwksUri"/> is given.</param>
/// <param name="FallbackMetadataAddress">The RFC 8414 document, fetched if the first is absent; null for none.</param>
/// <param name="JwksUri">The address of the JWKS; null if the metadata names it.</param>
internal sealed record KeySourceIdentity(
    string? Issuer,
    string? MetadataAddress,
    string? FallbackMetadataAddress,
    string? JwksUri,
    RetrievalSettings Http,
    KeyReadingSettings Reading,
    TimeProvider Time)
{
    /// <summary>The client that the keys belong to; null for an issuer. Not part of the identity.</summary>
    public string? ClientId { get; init; }

    public string Name => ClientId is null ? Issuer ?? ShownAddress : $"client {ClientId}";

    public string Address => JwksUri ?? MetadataAddress!;

    public string ShownAddress => AddressText.Redact(Address);

    /// <summary>Whether both fetch the same documents in the same way, even for different issuers.</summary>
    public bool Equals(KeySourceIdentity? other) =>
        other is not null
        && (MetadataAddress, FallbackMetadataAddress, JwksUri) == (other.MetadataAddress, other.FallbackMetadataAddress, other.JwksUri)
        && Http == other.Http && Reading == other.Reading && Time.Equals(other.Time);

    public override int GetHashCode() => HashCode.Combine(MetadataAddress, JwksUri, Http, Reading);
}

/// <param name="Handler">The application's; if this and the client are null, the factory's named client is used.</param>
internal sealed record RetrievalSettings(bool AllowLoopbackHttp, bool AllowAnyHttp, HttpClient? Client, HttpMessageHandler? Handler)
{
    public bool OffersAnyHttp { get; init; } = true;
}

/// <param name="RequireUse">Whether to skip keys without <c>use</c>.</param>
/// <param name="AcceptEmptySet">Whether an empty set withdraws all keys.</param>
/// <param name="Authorities">The roots that each key's certificate must chain to; null requires no certificate.</param>
internal sealed record KeyReadingSettings(
    bool RequireUse = false, bool AcceptEmptySet = false, X509Certificate2Collection? Authorities = null)
{
    /// <summary>Whether to accept keys with the use <c>jwt-svid</c>, which SPIFFE bundles publish for tokens.</summary>
    public bool AcceptJwtSvid { get; init; }

    /// <summary>Compares authorities by value: a reloaded file creates new objects, but the keys must stay.</summary>
    public bool Equals(KeyReadingSettings? other) =>
        other is not null && RequireUse == other.RequireUse && AcceptEmptySet == other.AcceptEmptySet
            && AcceptJwtSvid == other.AcceptJwtSvid && AreSame(Authorities, other.Authorities);

    public override int GetHashCode() => HashCode.Combine(RequireUse, AcceptEmptySet, Authorities?.Count);

    private static bool AreSame(X509Certificate2Collection? some, X509Certificate2Collection? others) =>
        ReferenceEquals(some, others)
        || (some is not null && others is not null && some.Count == others.Count
            && some.Zip(others).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span)));
}

/// <param name="MaximumAge">How long keys are used after the last successful fetch; null for indefinitely.</param>
internal sealed record KeySourceTuning(TimeSpan Cooldown, TimeSpan RefreshInterval, TimeSpan? MaximumAge, TimeSpan Timeout)
{
    public static KeySourceTuning Default { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), TimeSpan.FromHours(24), TimeSpan.FromSeconds(5));
}
