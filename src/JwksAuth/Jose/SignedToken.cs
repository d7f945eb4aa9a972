using System.Collections.Immutable;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Jose;

internal enum SignedTokenFault
{
    Malformed,
    Algorithm,
    Type,
    UnsupportedExtension,
    KeyIdTooLong,
    UnknownKey,
    AmbiguousKey,
    Signature,
    Unavailable,
}

/// <summary>A signed compact JWT of an infrequent kind, parsed completely before its signature is verified.</summary>
internal sealed class SignedToken
{
    private static readonly TimeSpan VerifierRetry = TimeSpan.FromSeconds(10);

    private readonly string _text;
    private readonly string? _certificateThumbprint;

    private SignedToken(string text, SignatureAlgorithm algorithm, string? keyId, string? certificateThumbprint, byte[] payload)
    {
        _text = text;
        _certificateThumbprint = certificateThumbprint;
        Algorithm = algorithm;
        KeyId = keyId;
        Payload = payload;
    }

    public SignatureAlgorithm Algorithm { get; }

    public string? KeyId { get; }

    public byte[] Payload { get; }

    /// <summary>Parses a token; null if it is malformed or its header breaks a rule.</summary>
    public static SignedToken? TryRead(string text, HeaderRules rules, out SignedTokenFault fault)
    {
        fault = SignedTokenFault.Malformed;
        if (!CompactToken.TrySplit(text, out var parts))
            return null;

        var decoded = new byte[CompactToken.DecodedLength(parts.Header)];
        if (!JoseHeader.TryRead(CompactToken.Decode(parts.Header, decoded), out var header))
            return null;
        if (rules.Judge(header, out var algorithm) is { } headerFault)
        {
            fault = FaultOf(headerFault);
            return null;
        }

        fault = SignedTokenFault.KeyIdTooLong;
        Span<char> keyId = stackalloc char[JwkReader.MaximumKeyIdLength];
        var length = header.CopyKeyId(keyId);
        if (length < 0)
            return null;

        var payload = CompactToken.Decode(parts.Payload, new byte[CompactToken.DecodedLength(parts.Payload)]);
        var thumbprint = header.CertificateThumbprint.IsEmpty ? null : JsonMembers.ToText(header.CertificateThumbprint);
        return new SignedToken(text, algorithm, header.KeyId.IsEmpty ? null : keyId[..length].ToString(), thumbprint, payload.ToArray());
    }

    public async ValueTask<SignatureVerdict> VerifyAsync(
        IKeySource source, SignatureCheck signatures, TimeProvider time, CancellationToken cancellationToken)
    {
        var keys = Find(source);
        keys = keys.Status == KeyLookupStatus.FetchNeeded
            ? await FetchAsync(source, keys.Set, cancellationToken)
            : WithoutForeignKeys(keys);
        var verdict = Verify(keys, keys.Keys, signatures, time);
        if (verdict.Fault != SignedTokenFault.Signature || !keys.MayBeOutdated)
            return verdict;

        var newer = await FetchAsync(source, keys.Set, cancellationToken);
        var changed = newer.Keys.RemoveRange(keys.Keys);
        return changed.IsEmpty ? verdict : Verify(newer, changed, signatures, time);
    }

    private static SignedTokenFault FaultOf(HeaderFault fault) => fault switch
    {
        HeaderFault.Algorithm => SignedTokenFault.Algorithm,
        HeaderFault.UnsupportedExtension => SignedTokenFault.UnsupportedExtension,
        _ => SignedTokenFault.Type,
    };

    private KeyLookupResult Find(IKeySource source) =>
        source.Find(new KeyQuery(KeyId is not null, KeyId, Algorithm) { CertificateThumbprint = _certificateThumbprint });

    private async ValueTask<KeyLookupResult> FetchAsync(IKeySource source, KeySet? seen, CancellationToken cancellationToken)
    {
        var keys = await source.FetchAsync(new KeyFetch(KeyId, Algorithm, seen, TimeSpan.Zero), cancellationToken);
        // A fetch does not consider the certificate thumbprint, which distinguishes the keys.
        return WithoutForeignKeys(KeyId is null && keys.Keys.Length > 1 ? Find(source) : keys);
    }

    private SignatureVerdict Verify(
        KeyLookupResult lookup, ImmutableArray<VerificationKey> candidates, SignatureCheck signatures, TimeProvider time)
    {
        if (lookup.Status == KeyLookupStatus.Unavailable)
            return new(null, SignedTokenFault.Unavailable, lookup.RetryAfter);
        if (lookup.Status != KeyLookupStatus.Found || lookup.Keys.IsEmpty)
            return new(null, SignedTokenFault.UnknownKey, null);

        // Without a kid there is no hint, and the sender would determine how many keys to try.
        if (KeyId is null && lookup.Keys.Length > 1)
            return new(null, SignedTokenFault.AmbiguousKey, null);
        var (signer, isUnavailable) = signatures.FindSigner(_text, Algorithm, candidates);
        if (isUnavailable)
            return new(null, SignedTokenFault.Unavailable, VerifierRetry);
        if (signer is null)
            return new(null, SignedTokenFault.Signature, null);

        signer.MarkUsed(time.GetUtcNow());
        return new(signer, null, null);
    }

    // A key may be published for one issuer only.
    private KeyLookupResult WithoutForeignKeys(KeyLookupResult keys)
    {
        if (!keys.Keys.Any(key => key.Issuer is not null))
            return keys;
        using var claims = JsonText.TryParseObject(Payload);
        var (issuer, tenant) = (claims?.RootElement.StringOrNull("iss") ?? "", claims?.RootElement.StringOrNull("tid"));
        return keys with { Keys = keys.Keys.RemoveAll(key => !key.MaySignFor(issuer, tenant, metadataIssuer: null)) };
    }
}

/// <param name="Signer">The signing key; null if the signature is not verified.</param>
/// <param name="RetryAfter">When to try again; null if the token is at fault.</param>
internal readonly record struct SignatureVerdict(VerificationKey? Signer, SignedTokenFault? Fault, TimeSpan? RetryAfter);
