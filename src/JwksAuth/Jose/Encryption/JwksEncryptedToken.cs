using System.Security.Cryptography;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;

namespace JwksAuth;

/// <summary>
/// A JWE in compact form (RFC 7516 section 7.1), taken apart and judged as far as that can be done without a key: its algorithms are among those
/// that the scheme accepts, and its parts have the lengths that these ask for.
/// </summary>
public sealed class JwksEncryptedToken
{
    private static readonly JwePolicy Any = new(
        Enum.GetValues<KeyManagementAlgorithm>().ToHashSet(), Enum.GetValues<ContentEncryptionAlgorithm>().ToHashSet(), MaximumLength: int.MaxValue);

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

    /// <summary>How the content encryption key was encrypted or agreed on (<c>alg</c>, RFC 7516 section 4.1.1).</summary>
    public string Algorithm => Management.NameOf();

    /// <summary>How the content was encrypted (<c>enc</c>, RFC 7516 section 4.1.2).</summary>
    public string Encryption => _encryption.NameOf();

    /// <summary>The key that the sender says it used (<c>kid</c>, RFC 7516 section 4.1.6); null if it does not say.</summary>
    public string? KeyId => Header.KeyId;

    /// <summary>The encrypted content encryption key; empty where it is agreed on directly (<c>ECDH-ES</c>).</summary>
    public ReadOnlyMemory<byte> EncryptedKey { get; }

    /// <summary>The sender's public key for a key agreement (<c>epk</c>, RFC 7518 section 4.6.1.1); null without one.</summary>
    public ECParameters? EphemeralKey => Header.EphemeralKey;

    /// <summary>What the sender says of itself for a key agreement (<c>apu</c>, RFC 7518 section 4.6.1.2); empty if nothing.</summary>
    public ReadOnlyMemory<byte> PartyUInfo => Header.PartyUInfo;

    /// <summary>What the sender says of the recipient for a key agreement (<c>apv</c>, RFC 7518 section 4.6.1.3); empty if nothing.</summary>
    public ReadOnlyMemory<byte> PartyVInfo => Header.PartyVInfo;

    internal KeyManagementAlgorithm Management { get; }

    internal ContentEncryptionAlgorithm ContentEncryption => _encryption;

    internal JweHeader Header { get; }

    /// <summary>Reads a token, for tests of an <see cref="IJwksDecryptor"/>. A scheme also checks its own list of algorithms.</summary>
    /// <param name="token">A JWE in compact form.</param>
    /// <exception cref="FormatException">The token is malformed, or uses an algorithm or an extension that no scheme accepts.</exception>
    public static JwksEncryptedToken Parse(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return JweOpener.TryRead(token, Any, out var failure) ?? throw new FormatException($"The encrypted token cannot be read ({failure}).");
    }

    /// <summary>Decrypts the content.</summary>
    /// <param name="contentEncryptionKey">The decrypted or agreed content encryption key.</param>
    /// <returns>The content; null if the key is not the right one or the token was changed.</returns>
    public byte[]? Decrypt(ReadOnlySpan<byte> contentEncryptionKey) =>
        ContentDecryption.Decrypt(_encryption, contentEncryptionKey, _vector, _ciphertext, _tag, _additionalData);
}
