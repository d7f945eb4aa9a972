using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using JwksAuth.Keys;

namespace JwksAuth.Jose;

/// <summary>Checks the signature of a compact token against the keys that may have made it.</summary>
internal static class SignatureCheck
{
    /// <summary>The key that verifies the token; null if none does.</summary>
    public static VerificationKey? FindSigner(ReadOnlySpan<char> token, SignatureAlgorithm algorithm, ImmutableArray<VerificationKey> keys)
    {
        if (!CompactToken.TrySplit(token, out var parts))
            return null;

        var input = ArrayPool<byte>.Shared.Rent(parts.SigningInput.Length);
        var signature = ArrayPool<byte>.Shared.Rent(CompactToken.DecodedLength(parts.Signature));
        try
        {
            var inputLength = Encoding.ASCII.GetBytes(parts.SigningInput, input);
            var signatureLength = CompactToken.Decode(parts.Signature, signature).Length;
            foreach (var key in keys)
            {
                if (key.Verify(algorithm, input, inputLength, signature, signatureLength))
                    return key;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<byte>.Shared.Return(signature);
        }
    }
}
