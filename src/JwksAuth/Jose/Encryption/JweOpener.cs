using JwksAuth.Diagnostics;

namespace JwksAuth.Jose.Encryption;

/// <summary>Decrypts a compact JWE. Checks format, policy and lengths before it uses a private key, and never throws.</summary>
internal sealed class JweOpener(IJwksDecryptor decryptor, JwksTelemetry telemetry, TimeProvider time)
{
    private readonly FloodGate _failures = new(time);

    public ValueTask<JweOpening> OpenAsync(string token, JwePolicy policy, CancellationToken cancellationToken) =>
        TryRead(token, policy, out var failure) is { } read ? DecryptAsync(read, cancellationToken) : new(failure);

    /// <summary>Checks everything that needs no key; null if the token is rejected.</summary>
    public static JwksEncryptedToken? TryRead(string token, JwePolicy policy, out JweFailure failure)
    {
        failure = JweFailure.TooLong;
        if (token.Length > policy.MaximumLength)
            return null;
        failure = JweFailure.Malformed;
        if (JweParts.TryRead(token) is not { } parts || JweHeader.TryRead(parts.Header) is not { } header)
            return null;
        failure = JweFailure.Algorithm;
        if (!KeyManagementAlgorithms.TryParse(header.Algorithm ?? "", out var algorithm) || !policy.Algorithms.Contains(algorithm))
            return null;
        failure = JweFailure.Encryption;
        if (!ContentEncryptionAlgorithms.TryParse(header.Encryption ?? "", out var encryption) || !policy.Encryptions.Contains(encryption))
            return null;
        failure = JweFailure.UnsupportedExtension;
        if (header.HasUnsupportedExtension)
            return null;
        failure = JweFailure.Malformed;
        return HasExpectedLengths(parts, header, algorithm, encryption)
            ? new JwksEncryptedToken(header, algorithm, encryption, parts)
            : null;
    }

    private static bool HasExpectedLengths(
        JweParts parts, JweHeader header, KeyManagementAlgorithm algorithm, ContentEncryptionAlgorithm encryption)
    {
        const int keyWrapOverhead = 8; // RFC 3394: one more block than the key
        var keyLength = algorithm.KeyWrap() is null ? 0 : encryption.KeyLength() + keyWrapOverhead;
        return parts.Vector.Length == encryption.VectorLength()
            && parts.Tag.Length == encryption.TagLength()
            && parts.Ciphertext.Length > 0 // a JWT is never empty
            && (algorithm.IsRsa() ? parts.EncryptedKey.Length > 0 : parts.EncryptedKey.Length == keyLength
                && header.EphemeralKey is not null);
    }

    private async ValueTask<JweOpening> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken)
    {
        try
        {
            var decryption = await decryptor.DecryptAsync(token, cancellationToken);
            if (decryption.IsUnavailable)
                return JweFailure.Unavailable;
            return decryption.Content is { } content ? new JweOpening(content, token.Header.ContentType, null) : JweFailure.Decryption;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The application's decryptor may call a service that fails, which is not the caller's fault.
            if (_failures.TryPass(out var count))
                telemetry.Logger.DecryptorFailed(count, exception);
            return JweFailure.Unavailable;
        }
    }
}
