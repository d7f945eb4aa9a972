using System.Buffers;
using System.Text;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// Reads a token, applies the rules for its header and claims, and finds its keys in memory, without allocating: a token that cannot pass
/// costs its sender more than us, and causes no fetch.
/// </summary>
internal static class TokenInspector
{
    private const int StackBytes = 1024;
    private const int UsualIssuerLength = 256;
    private const int MaximumIssuerLength = 1024;
    private const int MaximumThumbprintLength = 64;

    /// <param name="resolved">The issuer that a resolver found for the token; null to look among the configured ones.</param>
    /// <returns>Why the token is refused; null if its signature must decide.</returns>
    public static JwksTokenFailure? Inspect(
        ReadOnlySpan<char> token, BearerPlan plan, IssuerPlan? resolved, out TokenInspection inspection)
    {
        inspection = default;
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
            if (!JoseHeader.TryRead(CompactToken.Decode(parts.Header, buffer[..headerLength]), out var header))
                return JwksTokenFailure.Malformed;
            if (plan.Header.Judge(header, out var algorithm) is { } headerFault)
                return FailureOf(headerFault);

            Span<char> keyId = stackalloc char[JwkReader.MaximumKeyIdLength];
            var keyIdLength = header.CopyKeyId(keyId);
            if (keyIdLength < 0)
                return JwksTokenFailure.KeyIdTooLong;

            Span<char> thumbprint = stackalloc char[MaximumThumbprintLength];
            var thumbprintLength = header.KeyId.IsEmpty ? Math.Max(0, JsonMembers.CopyString(header.CertificateThumbprint, thumbprint)) : 0;
            var query = new KeyQuery(!header.KeyId.IsEmpty, keyId[..keyIdLength], algorithm)
            {
                CertificateThumbprint = thumbprint[..thumbprintLength],
            };
            return InspectClaims(CompactToken.Decode(parts.Payload, buffer[headerLength..]), query, plan, resolved, out inspection);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static JwksTokenFailure FailureOf(HeaderFault fault) => fault switch
    {
        HeaderFault.Algorithm => JwksTokenFailure.Algorithm,
        HeaderFault.UnsupportedExtension => JwksTokenFailure.UnsupportedExtension,
        _ => JwksTokenFailure.Type,
    };

    private static JwksTokenFailure? InspectClaims(
        ReadOnlySpan<byte> payload, in KeyQuery query, BearerPlan plan, IssuerPlan? resolved, out TokenInspection inspection)
    {
        inspection = default;
        if (!RegisteredClaims.TryRead(payload, out var claims))
            return JwksTokenFailure.Malformed;
        if (claims.Issuer.IsEmpty && !plan.Issuers.AcceptsAnyIssuer)
            return JwksTokenFailure.NoIssuer;

        Span<char> buffer = claims.Issuer.Length <= UsualIssuerLength
            ? stackalloc char[UsualIssuerLength]
            : stackalloc char[MaximumIssuerLength];
        var length = JsonMembers.CopyString(claims.Issuer, buffer);
        if (length < 0 && !plan.Issuers.AcceptsAnyIssuer)
            return JwksTokenFailure.Issuer;

        return ClaimRules.Judge(claims, plan) ?? FindKeys(claims, buffer[..Math.Max(length, 0)], query, plan, resolved, out inspection);
    }

    private static JwksTokenFailure? FindKeys(
        in RegisteredClaims claims, ReadOnlySpan<char> issuer, in KeyQuery query, BearerPlan plan, IssuerPlan? resolved,
        out TokenInspection inspection)
    {
        inspection = default;
        if ((resolved ?? plan.Issuers.Find(issuer)) is not { } trusted)
        {
            if (plan.OnTheFly is null)
                return JwksTokenFailure.Issuer;
            inspection = new TokenInspection { Issuer = issuer.ToString() };
            return null;
        }

        // Evaluate this once: metadata that arrives meanwhile must not turn "unconfirmed" into "confirmed".
        var isNamed = trusted.IsNamed(issuer);
        if (isNamed == false)
            return JwksTokenFailure.Issuer;
        if (ClaimRules.Judge(claims, trusted) is { } fault)
            return fault;

        var keys = trusted.Source.Find(query);
        var needsFetch = keys.Status == KeyLookupStatus.FetchNeeded || isNamed is null;
        var mayFetch = needsFetch || keys.MayBeOutdated || plan.Rules.RefetchesOnBadSignature;
        inspection = new TokenInspection
        {
            Algorithm = query.Algorithm,
            Issuer = mayFetch ? issuer.ToString() : null,
            Plan = trusted,
            Keys = keys,
            KeyId = mayFetch && query.HasKeyId ? query.KeyId.ToString() : null,
            HasKeyId = query.HasKeyId,
            NeedsFetch = needsFetch,
            ExpiresAt = ClaimRules.ExpiryOf(claims, plan),
            Confirmation = claims.Confirmation.IsEmpty ? null : Encoding.UTF8.GetString(claims.Confirmation),
        };
        return null;
    }
}
