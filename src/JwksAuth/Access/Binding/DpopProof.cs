using System.Buffers.Text;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Access;

/// <summary>A DPoP proof whose form and signature are good (RFC 9449 section 4.3, checks 2 to 7); what it says is still to be judged.</summary>
internal sealed class DpopProof
{
    public const int MaximumLength = 8 * 1024;
    private const int MaximumIdentifierLength = 256;

    private DpopProof()
    {
    }

    /// <summary>The thumbprint of its key (RFC 7638).</summary>
    public required string KeyThumbprint { get; init; }

    public required string Method { get; init; }

    public required string Address { get; init; }

    public required string Identifier { get; init; }

    /// <summary>When it was made, in seconds since the epoch.</summary>
    public required double IssuedAt { get; init; }

    /// <summary>The hash of the access token; null without one.</summary>
    public required string? TokenHash { get; init; }

    public required string? Nonce { get; init; }

    /// <summary>Reads a proof; null for whatever is none.</summary>
    /// <param name="text">The proof.</param>
    /// <param name="algorithms">The accepted algorithms.</param>
    /// <param name="signatures">Verifies signatures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isUnavailable">Whether nothing can be said of its signature.</param>
    public static DpopProof? TryRead(string text, IList<string> algorithms, SignatureCheck signatures, TimeProvider time, out bool isUnavailable)
    {
        isUnavailable = false;
        if (text.Length > MaximumLength || !CompactToken.TrySplit(text, out var parts))
            return null;

        var headerText = Base64Url.DecodeFromChars(parts.Header);
        if (!JoseHeader.TryRead(headerText, out var header) || header.HasUnsupportedExtension || !header.IsOfType(["dpop+jwt"])
            || !header.TryGetAlgorithm(out var algorithm) || !algorithms.Contains(algorithm.NameOf()))
            return null;

        if (ReadKey(headerText, time) is not { } key || !key.Algorithms.Contains(algorithm))
            return null;

        (var signer, isUnavailable) = signatures.FindSigner(text, algorithm, [key]);
        if (signer is null)
            return null;

        return ReadClaims(Base64Url.DecodeFromChars(parts.Payload), Base64UrlEncoder.Encode(key.SecurityKey.ComputeJwkThumbprint()));
    }

    // A private key in a proof is refused like any other key that cannot be used (check 7).
    private static VerificationKey? ReadKey(byte[] header, TimeProvider time)
    {
        using var document = JsonText.TryParseObject(header);
        return document?.RootElement.MemberOrNull("jwk") is { } jwk ? new JwkReader(new KeyReadingSettings(), time).Read(jwk).Key : null;
    }

    private static DpopProof? ReadClaims(byte[] payload, string thumbprint)
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
            KeyThumbprint = thumbprint,
            Method = method,
            Address = address,
            Identifier = identifier,
            IssuedAt = issuedAt,
            TokenHash = claims.StringOrNull("ath"),
            Nonce = claims.StringOrNull("nonce"),
        };
    }
}
