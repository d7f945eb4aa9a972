using System.Collections.Immutable;
using System.Text.Json.Nodes;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Tests.Vectors;

/// <summary>The checks of a token without its claims, for vectors whose payload is not a JWT.</summary>
internal static class SignatureVerdict
{
    private static readonly SignatureCheck Signatures = SignatureChecks.Create();

    /// <summary>Whether the token's signature verifies with a key set that has only these keys.</summary>
    public static bool Of(string token, params IEnumerable<JsonNode> keys)
    {
        var reader = new JwksReader(new KeyReadingSettings(), TimeProvider.System);
        if (reader.Read(VectorFiles.SetOf(keys), null).Set is not { } set || !CompactToken.TrySplit(token, out var parts))
            return false;

        var buffer = new byte[CompactToken.DecodedLength(parts.Header)];
        if (!JoseHeader.TryRead(CompactToken.Decode(parts.Header, buffer), out var header) || header.HasUnsupportedExtension)
            return false;

        return SignatureAlgorithms.TryParse(TextOf(header.Algorithm), out var algorithm)
            && Signatures.FindSigner(token, algorithm, Candidates(set, header, algorithm)).Signer is not null;
    }

    private static ImmutableArray<VerificationKey> Candidates(KeySet set, JoseHeader header, SignatureAlgorithm algorithm) =>
        header.KeyId.IsEmpty ? set.FindAny(algorithm) : set.Find(TextOf(header.KeyId), algorithm);

    private static string? TextOf(ReadOnlySpan<byte> rawString) => rawString.IsEmpty ? null : JsonMembers.ToText(rawString);
}
