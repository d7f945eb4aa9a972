using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using JwksAuth.Diagnostics;
using JwksAuth.Keys;

namespace JwksAuth.Jose;

/// <summary>Checks the signature of a compact token with candidate keys.</summary>
/// <param name="verifier">The application's verifier; null for the platform's cryptography.</param>
internal sealed class SignatureCheck(JwksTelemetry telemetry, TimeProvider time, IJwksSignatureVerifier? verifier = null)
{
    private readonly FloodGate _failures = new(time);

    public bool IsReplaced => verifier is not null;

    /// <param name="token">A token that <see cref="CompactToken.TrySplit"/> accepts.</param>
    public SignerLookup FindSigner(ReadOnlySpan<char> token, SignatureAlgorithm algorithm, ImmutableArray<VerificationKey> keys)
    {
        var lastDot = token.LastIndexOf('.');
        var encoded = token[(lastDot + 1)..];
        var input = ArrayPool<byte>.Shared.Rent(lastDot);
        var signature = ArrayPool<byte>.Shared.Rent(CompactToken.DecodedLength(encoded));
        try
        {
            var inputLength = Encoding.ASCII.GetBytes(token[..lastDot], input);
            var signatureLength = CompactToken.Decode(encoded, signature).Length;
            foreach (var key in keys)
            {
                if (signatureLength == key.SignatureLength(algorithm)
                    && Verify(key, algorithm, new(input, 0, inputLength), new(signature, 0, signatureLength)))
                    return new(key, IsUnavailable: false);
            }

            return default;
        }
        catch (Exception exception) when (verifier is not null)
        {
            // No other key is tried: the result of a failing verifier would be unreliable.
            if (_failures.TryPass(out var count))
                telemetry.Logger.SignatureVerifierFailed(count, exception);
            return new(null, IsUnavailable: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<byte>.Shared.Return(signature);
        }
    }

    private bool Verify(VerificationKey key, SignatureAlgorithm algorithm, ArraySegment<byte> input, ArraySegment<byte> signature) =>
        verifier is null ? key.Verify(algorithm, input, signature) : verifier.Verify(key.SecurityKey, algorithm.NameOf(), input, signature);
}

/// <param name="Signer">The key that verifies the token; null if there is none.</param>
/// <param name="IsUnavailable">Whether the application's verifier failed, so that the signer is unknown.</param>
internal readonly record struct SignerLookup(VerificationKey? Signer, bool IsUnavailable);
