using System.Buffers.Text;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Access.Binding;

/// <summary>A DPoP proof with valid form, key and signature (RFC 9449 section 4.3, checks 2 to 7 and 12), but unchecked claims.</summary>
internal sealed class DpopProof
{
    public const int MaximumLength = 8 * 1024;
    private const int MaximumIdentifierLength = 256;
    private const int MaximumModulusLength = 4096 / 8;
    private const int MaximumExponentLength = 32 / 8;

    private static readonly HeaderRules Rules = new(["dpop+jwt"], mayLackType: false);

    private DpopProof()
    {
    }

    public required string Method { get; init; }

    public required string Address { get; init; }

    public required string Identifier { get; init; }

    /// <summary>The creation time, in seconds since 1970.</summary>
    public required double IssuedAt { get; init; }

    public required string? TokenHash { get; init; }

    public required string? Nonce { get; init; }

    /// <summary>Reads a proof; null if it is refused. A proof with the wrong key costs no signature check.</summary>
    public static DpopProof? TryRead(
        string text, string keyThumbprint, IList<string> algorithms, SignatureCheck signatures, TimeProvider time, out DpopProofFault fault)
    {
        fault = DpopProofFault.Malformed;
        if (text.Length > MaximumLength || !CompactToken.TrySplit(text, out var parts))
            return null;

        var headerText = Base64Url.DecodeFromChars(parts.Header);
        if (!JoseHeader.TryRead(headerText, out var header) || Rules.Judge(header, out var algorithm) is not null
            || !algorithms.Contains(algorithm.NameOf()))
            return null;

        if (ReadKey(headerText, time) is not { } key)
            return null;

        try
        {
            if (!IsAffordable(key) || !key.Algorithms.Contains(algorithm))
                return null;
            fault = DpopProofFault.OtherKey;
            if (Base64UrlEncoder.Encode(key.SecurityKey.ComputeJwkThumbprint()) != keyThumbprint)
                return null;

            var (signer, isUnavailable) = signatures.FindSigner(text, algorithm, [key]);
            fault = isUnavailable ? DpopProofFault.Unavailable : DpopProofFault.Malformed;
            return signer is null ? null : ReadClaims(Base64Url.DecodeFromChars(parts.Payload));
        }
        finally
        {
            key.Release();
        }
    }

    // The sender chooses the key and thereby our CPU cost, so the limits are tighter than for the keys of an issuer.
    private static bool IsAffordable(VerificationKey key) => key.SecurityKey is not RsaSecurityKey { Parameters: var rsa }
        || (rsa.Modulus!.Length <= MaximumModulusLength && rsa.Exponent.AsSpan().TrimStart((byte)0).Length <= MaximumExponentLength);

    // A private key in a proof is refused like any other unusable key (check 7).
    private static VerificationKey? ReadKey(byte[] header, TimeProvider time)
    {
        using var document = JsonText.TryParseObject(header);
        return document?.RootElement.MemberOrNull("jwk") is { } jwk
            ? new JwkReader(new KeyReadingSettings(), time, isInToken: true).Read(jwk).Key
            : null;
    }

    private static DpopProof? ReadClaims(byte[] payload)
    {
        if (!RegisteredClaims.TryRead(payload, out var registered) || registered.IssuedAt is not { } issuedAt)
            return null;

        using var document = JsonText.TryParseObject(payload);
        if (document?.RootElement is not { } claims
            || claims.StringOrNull("htm") is not { } method || claims.StringOrNull("htu") is not { } address
            || claims.StringOrNull("jti") is not { Length: > 0 and <= MaximumIdentifierLength } identifier)
            return null;

        return new DpopProof
        {
            Method = method,
            Address = address,
            Identifier = identifier,
            IssuedAt = issuedAt,
            TokenHash = claims.StringOrNull("ath"),
            Nonce = claims.StringOrNull("nonce"),
        };
    }
}
