using System.Security.Cryptography.X509Certificates;
using JwksAuth.Access.Callers;
using JwksAuth.Diagnostics;

namespace JwksAuth.Keys;

/// <summary>
/// What makes two remote sources the same one: equal identities share one key set and one window, whoever asks.
/// </summary>
/// <param name="Issuer">The issuer that asked first, for reports; null if configuration does not name it. What metadata must name is each user's own matter.</param>
/// <param name="MetadataAddress">The discovery document; null when <paramref name="JwksUri"/> is given.</param>
/// <param name="FallbackMetadataAddress">The RFC 8414 document, asked for when the first is absent; null for none.</param>
/// <param name="JwksUri">The address of the JWKS; null when metadata names it.</param>
/// <param name="Http">How documents are fetched.</param>
/// <param name="Reading">How strictly keys are read.</param>
/// <param name="Time">The clock that the source lives by.</param>
internal sealed record KeySourceIdentity(
    string? Issuer,
    string? MetadataAddress,
    string? FallbackMetadataAddress,
    string? JwksUri,
    RetrievalSettings Http,
    KeyReadingSettings Reading,
    TimeProvider Time)
{
    /// <summary>The client whose keys these are; null for an issuer. Who asks does not change what is fetched.</summary>
    public string? ClientId { get; init; }

    /// <summary>What reports call the source.</summary>
    public string Name => ClientId is null ? Issuer ?? ShownAddress : $"client {ClientId}";

    /// <summary>The address that operators know the source by.</summary>
    public string Address => JwksUri ?? MetadataAddress!;

    /// <summary>The address as it may be shown: without what may be secret in it.</summary>
    public string ShownAddress => AddressText.Redact(Address);

    /// <summary>Whether both fetch the same, in the same way: issuers that share the address of their keys or metadata share the source.</summary>
    public bool Equals(KeySourceIdentity? other) =>
        other is not null
        && (MetadataAddress, FallbackMetadataAddress, JwksUri) == (other.MetadataAddress, other.FallbackMetadataAddress, other.JwksUri)
        && Http == other.Http && Reading == other.Reading && Time.Equals(other.Time);

    public override int GetHashCode() => HashCode.Combine(MetadataAddress, JwksUri, Http, Reading);
}

/// <summary>Rules for fetching documents.</summary>
/// <param name="AllowLoopbackHttp">Whether plain http is taken from loopback addresses.</param>
/// <param name="AllowAnyHttp">Whether plain http is taken from anywhere.</param>
/// <param name="Client">The application's own client; null if it has none.</param>
/// <param name="Handler">The application's own handler; null, with no client either, uses the named client of the HTTP client factory.</param>
internal sealed record RetrievalSettings(bool AllowLoopbackHttp, bool AllowAnyHttp, HttpClient? Client, HttpMessageHandler? Handler)
{
    /// <summary>Whether there is an option that lets plain http be taken from anywhere, for messages.</summary>
    public bool OffersAnyHttp { get; init; } = true;
}

/// <summary>Rules for reading keys.</summary>
/// <param name="RequireUse">Whether a key without <c>use</c> is skipped.</param>
/// <param name="AcceptEmptySet">Whether a set without keys withdraws all keys.</param>
/// <param name="Authorities">Roots that each key's certificate must chain to; null requires no certificate.</param>
internal sealed record KeyReadingSettings(bool RequireUse = false, bool AcceptEmptySet = false, X509Certificate2Collection? Authorities = null)
{
    /// <summary>Whether keys with the use <c>jwt-svid</c> verify: those that SPIFFE bundles publish for tokens.</summary>
    public bool AcceptJwtSvid { get; init; }

    /// <summary>Authorities are compared by what they are: a file that is read again gives other objects, and the keys are to stay.</summary>
    public bool Equals(KeyReadingSettings? other) =>
        other is not null && RequireUse == other.RequireUse && AcceptEmptySet == other.AcceptEmptySet && AcceptJwtSvid == other.AcceptJwtSvid && AreSame(Authorities, other.Authorities);

    public override int GetHashCode() => HashCode.Combine(RequireUse, AcceptEmptySet, Authorities?.Count);

    private static bool AreSame(X509Certificate2Collection? some, X509Certificate2Collection? others) =>
        ReferenceEquals(some, others)
        || (some is not null && others is not null && some.Count == others.Count
            && some.Zip(others).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span)));
}

/// <summary>How a source behaves over time.</summary>
/// <param name="Window">The least time between two fetches that tokens cause.</param>
/// <param name="RefreshInterval">The longest time between two background fetches.</param>
/// <param name="MaximumAge">How long keys are used after the last good fetch; null is for ever.</param>
/// <param name="Timeout">How long one attempt may take, metadata and keys together.</param>
internal sealed record KeySourceTuning(TimeSpan Window, TimeSpan RefreshInterval, TimeSpan? MaximumAge, TimeSpan Timeout)
{
    public static KeySourceTuning Default { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), TimeSpan.FromHours(24), TimeSpan.FromSeconds(5));
}
