using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Jose;

/// <summary>What is wrong with a <see cref="SignedToken"/>.</summary>
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

/// <summary>A signed JWT in compact form, for tokens that come seldom: read as a whole, and verified once it is known whose key it needs.</summary>
internal sealed class SignedToken
{
    private readonly string _text;

    private SignedToken(string text, SignatureAlgorithm algorithm, string? keyId, byte[] payload)
    {
        _text = text;
        Algorithm = algorithm;
        KeyId = keyId;
        Payload = payload;
    }

    public SignatureAlgorithm Algorithm { get; }

    /// <summary>The kid; null if the token names none.</summary>
    public string? KeyId { get; }

    /// <summary>The claims, decoded and not judged.</summary>
    public byte[] Payload { get; }

    /// <summary>Reads a token; null for one that is none, or none of these types.</summary>
    /// <param name="text">The token, of a length that its reader has judged.</param>
    /// <param name="types">The accepted types; a token without a type passes too.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static SignedToken? TryRead(string text, string[] types, out SignedTokenFault fault)
    {
        fault = SignedTokenFault.Malformed;
        if (!CompactToken.TrySplit(text, out var parts))
            return null;

        var decoded = new byte[CompactToken.DecodedLength(parts.Header)];
        if (!JoseHeader.TryRead(CompactToken.Decode(parts.Header, decoded), out var header))
            return null;
        fault = SignedTokenFault.Algorithm;
        if (!header.TryGetAlgorithm(out var algorithm))
            return null;
        fault = SignedTokenFault.UnsupportedExtension;
        if (header.HasUnsupportedExtension)
            return null;
        fault = SignedTokenFault.Type;
        if (!header.Type.IsEmpty && !header.IsOfType(types))
            return null;

        fault = SignedTokenFault.KeyIdTooLong;
        Span<char> keyId = stackalloc char[JwkReader.MaximumKeyIdLength];
        var length = header.KeyId.IsEmpty ? 0 : JsonMembers.CopyString(header.KeyId, keyId);
        if (length < 0)
            return null;

        var payload = CompactToken.Decode(parts.Payload, new byte[CompactToken.DecodedLength(parts.Payload)]);
        return new SignedToken(text, algorithm, header.KeyId.IsEmpty ? null : keyId[..length].ToString(), payload.ToArray());
    }

    /// <summary>Checks the signature with the keys of a source, which may fetch them. Null if it is good.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<(SignedTokenFault? Fault, TimeSpan RetryAfter)> VerifyAsync(IKeySource source, TimeProvider time, CancellationToken cancellationToken)
    {
        var keys = source.Find(new KeyQuery(KeyId is not null, KeyId, Algorithm));
        if (keys.Status == KeyLookupStatus.FetchNeeded)
            keys = await source.FetchAsync(new KeyFetch(KeyId, Algorithm, keys.Set, TimeSpan.Zero), cancellationToken);
        if (keys.Status == KeyLookupStatus.Unavailable)
            return (SignedTokenFault.Unavailable, keys.RetryAfter);
        if (keys.Status != KeyLookupStatus.Found)
            return (SignedTokenFault.UnknownKey, default);

        // Without a kid there is no hint, and trying many keys would be work that the sender chooses.
        if (KeyId is null && keys.Keys.Length > 1)
            return (SignedTokenFault.AmbiguousKey, default);
        if (SignatureCheck.FindSigner(_text, Algorithm, keys.Keys) is not { } signer)
            return (SignedTokenFault.Signature, default);

        signer.MarkUsed(time.GetUtcNow());
        return default;
    }
}
