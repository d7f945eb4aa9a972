using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Keys;

namespace JwksAuth.Bearer.Validation;

/// <summary>The result of the cheap checks of a token.</summary>
internal readonly record struct TokenInspection
{
    public JwksTokenFailure? Failure { get; private init; }

    public SignatureAlgorithm Algorithm { get; init; }

    /// <summary>The issuer in the token; set only if it must be resolved or confirmed later.</summary>
    public string? Issuer { get; init; }

    /// <summary>The trusted issuer; null if a resolver must find it.</summary>
    public IssuerPlan? Plan { get; init; }

    /// <summary>The matching keys in memory.</summary>
    public KeyLookup Keys { get; init; }

    /// <summary>The kid; set only if a fetch may be needed.</summary>
    public string? KeyId { get; init; }

    public bool HasKeyId { get; init; }

    /// <summary>Whether a fetch is needed, because the key or the metadata that names the issuer is unknown.</summary>
    public bool NeedsFetch { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the token is bound to (<c>cnf</c>), as JSON text; null if it is not bound.</summary>
    public string? Confirmation { get; init; }

    /// <summary>The same inspection with an expiry no later than <paramref name="end"/>.</summary>
    public TokenInspection EndingAt(DateTimeOffset end) => ExpiresAt <= end ? this : this with { ExpiresAt = end };

    public static implicit operator TokenInspection(JwksTokenFailure failure) => new() { Failure = failure };
}

/// <summary>
/// Judges a token by its content and by data in memory, without allocating: a token that cannot pass costs its sender more than us, and
/// causes no fetch.
/// </summary>
internal static class TokenInspector
{
    private const int StackBytes = 1024;
    private const int UsualIssuerLength = 256;
    private const int MaximumIssuerLength = 1024;
    private const int MaximumThumbprintLength = 64;

    public static TokenInspection Inspect(ReadOnlySpan<char> token, BearerPlan plan, IssuerPlan? resolved = null)
    {
        if (token.Length > plan.Rules.MaximumTokenLength)
            return JwksTokenFailure.TooLong;
        if (!CompactToken.TrySplit(token, out var parts))
            return CompactToken.IsEncrypted(token) ? JwksTokenFailure.Encrypted : JwksTokenFailure.Malformed;

        var headerLength = CompactToken.DecodedLength(parts.Header);
        var payloadLength = CompactToken.DecodedLength(parts.Payload);
        var rented = headerLength + payloadLength > StackBytes ? ArrayPool<byte>.Shared.Rent(headerLength + payloadLength) : null;
        var buffer = rented ?? stackalloc byte[StackBytes];
        try
        {
            return Inspect(parts, buffer[..headerLength], buffer[headerLength..], plan, resolved);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static TokenInspection Inspect(
        CompactToken parts, Span<byte> headerBuffer, Span<byte> payloadBuffer, BearerPlan plan, IssuerPlan? resolved)
    {
        if (!JoseHeader.TryRead(CompactToken.Decode(parts.Header, headerBuffer), out var header))
            return JwksTokenFailure.Malformed;

        Span<char> keyIdBuffer = stackalloc char[Keys.Reading.JwkReader.MaximumKeyIdLength];
        if (HeaderFault(header, plan, keyIdBuffer, out var algorithm, out var keyIdLength) is { } headerFault)
            return headerFault;

        if (!RegisteredClaims.TryRead(CompactToken.Decode(parts.Payload, payloadBuffer), out var claims))
            return JwksTokenFailure.Malformed;

        if (claims.Issuer.IsEmpty && !plan.Issuers.AcceptsAnyIssuer)
            return JwksTokenFailure.NoIssuer;

        Span<char> issuerBuffer = claims.Issuer.Length <= UsualIssuerLength ? stackalloc char[UsualIssuerLength] : stackalloc char[MaximumIssuerLength];
        var issuerLength = JsonMembers.CopyString(claims.Issuer, issuerBuffer);
        if (issuerLength < 0 && !plan.Issuers.AcceptsAnyIssuer)
            return JwksTokenFailure.Issuer;

        var issuer = issuerBuffer[..Math.Max(issuerLength, 0)];
        if (LifetimeFault(claims, plan) is { } lifetimeFault)
            return lifetimeFault;
        if (!claims.WrongName.IsEmpty)
            return JwksTokenFailure.Malformed;

        var found = new TokenInspection
        {
            Algorithm = algorithm,
            HasKeyId = !header.KeyId.IsEmpty,
            ExpiresAt = claims.ExpiresAt is { } seconds ? TimeAt(seconds + plan.Rules.ClockSkew.TotalSeconds) : null,
            Confirmation = claims.Confirmation.IsEmpty ? null : Encoding.UTF8.GetString(claims.Confirmation),
        };
        Span<char> thumbprint = stackalloc char[MaximumThumbprintLength];
        var thumbprintLength = found.HasKeyId ? 0 : Math.Max(0, JsonMembers.CopyString(header.CertificateThumbprint, thumbprint));
        return FindKeys(found, plan, resolved, claims, issuer, keyIdBuffer[..keyIdLength], thumbprint[..thumbprintLength]);
    }

    private static JwksTokenFailure? HeaderFault(
        JoseHeader header, BearerPlan plan, Span<char> keyId, out SignatureAlgorithm algorithm, out int keyIdLength)
    {
        keyIdLength = 0;
        if (!header.TryGetAlgorithm(out algorithm) || !plan.Algorithms[(int)algorithm])
            return JwksTokenFailure.Algorithm;
        if (header.HasUnsupportedExtension)
            return JwksTokenFailure.UnsupportedExtension;
        if (!IsAcceptedType(header, plan.Rules.Types))
            return JwksTokenFailure.Type;
        if (header.KeyId.IsEmpty)
            return null;

        keyIdLength = JsonMembers.CopyString(header.KeyId, keyId);
        return keyIdLength < 0 ? JwksTokenFailure.KeyIdTooLong : null;
    }

    private static bool IsAcceptedType(JoseHeader header, ImmutableArray<string>? accepted) =>
        header.Type.IsEmpty ? accepted is null : header.IsOfType((accepted ?? TokenTypes.Usual).AsSpan());

    private static JwksTokenFailure? LifetimeFault(RegisteredClaims claims, BearerPlan plan)
    {
        if (claims.IssuedAt is null && plan.Rules.RequiresIssuedAt)
            return JwksTokenFailure.NoIssuedAt;
        if (!plan.Rules.ValidatesLifetime)
            return null;
        if (claims.ExpiresAt is null && plan.Rules.RequiresExpiration)
            return JwksTokenFailure.NoExpiration;

        var now = (plan.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var skew = plan.Rules.ClockSkew.TotalSeconds;
        if (claims.ExpiresAt + skew <= now)
            return JwksTokenFailure.Expired;
        return claims.NotBefore - skew > now || claims.IssuedAt - skew > now ? JwksTokenFailure.NotYetValid : null;
    }

    // A token may expire later than the latest date.
    private static DateTimeOffset TimeAt(double seconds) =>
        seconds < RegisteredClaims.LatestDate ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : DateTimeOffset.MaxValue;

    private static TokenInspection FindKeys(
        TokenInspection found, BearerPlan plan, IssuerPlan? resolved, RegisteredClaims claims, ReadOnlySpan<char> issuer, ReadOnlySpan<char> keyId, ReadOnlySpan<char> thumbprint)
    {
        if ((resolved ?? plan.Issuers.Find(issuer)) is not { } trusted)
            return plan.OnTheFly is null ? JwksTokenFailure.Issuer : found with { Issuer = issuer.ToString() };

        // Evaluate this once: metadata that arrives meanwhile must not turn "unconfirmed" into "confirmed".
        var isNamed = trusted.IsNamed(issuer);
        if (isNamed == false)
            return JwksTokenFailure.Issuer;
        if (!trusted.Accepts(claims))
            return claims.Audience.IsEmpty ? JwksTokenFailure.NoAudience : JwksTokenFailure.Audience;

        var keys = trusted.Source.Find(new KeyQuery(found.HasKeyId, keyId, found.Algorithm) { CertificateThumbprint = thumbprint });
        found = found with { Plan = trusted, Keys = keys };
        var needsFetch = keys.Status == KeyLookupStatus.FetchNeeded || isNamed is null;
        return needsFetch || keys.MayBeOutdated || plan.Rules.RefetchesOnBadSignature
            ? found with { Issuer = issuer.ToString(), KeyId = found.HasKeyId ? keyId.ToString() : null, NeedsFetch = needsFetch }
            : found;
    }
}
