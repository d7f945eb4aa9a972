using System.Security.Cryptography;
using JwksAuth.Jose.Encryption;

namespace JwksAuth;

/// <summary>A parsed compact JWE (RFC 7516 section 7.1) with accepted algorithms and parts of the right lengths.</summary>
public sealed class JwksEncryptedToken
{
    private static readonly JwePolicy Any = new(
        Enum.GetValues<KeyManagementAlgorithm>().ToHashSet(),
        Enum.GetValues<ContentEncryptionAlgorithm>().ToHashSet(), MaximumLength: int.MaxValue);

    private readonly ContentEncryptionAlgorithm _encryption;
    private readonly byte[] _vector;
    private readonly byte[] _ciphertext;
    private readonly byte[] _tag;
    private readonly byte[] _additionalData;

    internal JwksEncryptedToken(
        JweHeader header, KeyManagementAlgorithm algorithm, ContentEncryptionAlgorithm encryption, JweParts parts)
    {
        Management = algorithm;
        Header = header;
        _encryption = encryption;
        EncryptedKey = parts.EncryptedKey;
        _vector = parts.Vector;
        _ciphertext = parts.Ciphertext;
        _tag = parts.Tag;
        _additionalData = parts.AdditionalData;
    }

    /// <summary>The key management algorithm (<c>alg</c>, RFC 7516 section 4.1.1).</summary>
    public string Algorithm => Management.NameOf();

    /// <summary>The content encryption algorithm (<c>enc</c>, RFC 7516 section 4.1.2).</summary>
    public string Encryption => _encryption.NameOf();

    /// <summary>The identifier of the recipient's key (<c>kid</c>, RFC 7516 section 4.1.6); null if not stated.</summary>
    public string? KeyId => Header.KeyId;

    /// <summary>The encrypted content encryption key; empty for direct key agreement (<c>ECDH-ES</c>).</summary>
    public ReadOnlyMemory<byte> EncryptedKey { get; }

    /// <summary>The sender's public key for a key agreement (<c>epk</c>, RFC 7518 section 4.6.1.1); null without one.</summary>
    public ECParameters? EphemeralKey => Header.EphemeralKey;

    /// <summary>The sender's information for a key agreement (<c>apu</c>, RFC 7518 section 4.6.1.2); empty if absent.</summary>
    public ReadOnlyMemory<byte> PartyUInfo => Header.PartyUInfo;

    /// <summary>The recipient's information for a key agreement (<c>apv</c>, RFC 7518 section 4.6.1.3); empty if absent.</summary>
    public ReadOnlyMemory<byte> PartyVInfo => Header.PartyVInfo;

    internal KeyManagementAlgorithm Management { get; }

    internal ContentEncryptionAlgorithm ContentEncryption => _encryption;

    internal JweHeader Header { get; }

    /// <summary>Parses a token, for tests of an <see cref="IJwksDecryptor"/>. A scheme also checks its own list of algorithms.</summary>
    /// <param name="token">A JWE in compact form.</param>
    /// <exception cref="FormatException">The token is malformed, or uses an unsupported algorithm or extension.</exception>
    public static JwksEncryptedToken Parse(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return JweOpener.TryRead(token, Any, out var failure)
            ?? throw new FormatException($"The encrypted token is invalid ({failure}).");
    }

    /// <summary>Decrypts the content.</summary>
    /// <param name="contentEncryptionKey">The decrypted or agreed content encryption key.</param>
    /// <returns>The content; null if the key is wrong or the token was tampered with.</returns>
    public byte[]? Decrypt(ReadOnlySpan<byte> contentEncryptionKey) =>
        ContentDecryption.Decrypt(_encryption, contentEncryptionKey, _vector, _ciphertext, _tag, _additionalData);
}
