using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Jose.Encryption;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Material;

/// <summary>
/// Derives a key with ECDH-ES (RFC 7518 section 4.6). The platform computes the agreement and the hash; this class only builds the text
/// that is hashed with the secret. A round of the Concat KDF is <c>SHA-256(counter || secret || info)</c>, which is what
/// <see cref="ECDiffieHellman.DeriveKeyFromHash(ECDiffieHellmanPublicKey, HashAlgorithmName, byte[], byte[])"/> computes.
/// </summary>
internal static class KeyAgreement
{
    private const int RoundLength = SHA256.HashSizeInBytes;

    /// <exception cref="CryptographicException">The agreement fails.</exception>
    /// <exception cref="SecurityTokenException">The wrapped key was wrapped with another key.</exception>
    public static byte[] FindContentKey(ECDiffieHellman own, ECDiffieHellmanPublicKey sender, JwksEncryptedToken token)
    {
        if (token.Management.KeyWrap() is not { } wrap)
            return Derive(own, sender, token, token.Encryption, token.ContentEncryption.KeyLength());

        var key = new SymmetricSecurityKey(Derive(own, sender, token, token.Algorithm, wrap.KeyLength));
        var factory = new CryptoProviderFactory();
        var provider = factory.CreateKeyWrapProviderForUnwrap(key, wrap.Name);
        try
        {
            return provider.UnwrapKey(token.EncryptedKey.ToArray());
        }
        finally
        {
            factory.ReleaseKeyWrapProvider(provider);
        }
    }

    private static byte[] Derive(
        ECDiffieHellman own, ECDiffieHellmanPublicKey sender, JwksEncryptedToken token, string algorithm, int length)
    {
        var info = Info(algorithm, token, length);
        var derived = new byte[(length + RoundLength - 1) / RoundLength * RoundLength];
        var counter = new byte[sizeof(int)];
        for (var round = 0; round * RoundLength < length; round++)
        {
            BinaryPrimitives.WriteInt32BigEndian(counter, round + 1);
            own.DeriveKeyFromHash(sender, HashAlgorithmName.SHA256, counter, info).CopyTo(derived, round * RoundLength);
        }

        return derived[..length];
    }

    // RFC 7518 section 4.6.2: AlgorithmID, PartyUInfo and PartyVInfo, each preceded by its length, then the length of the key in bits.
    private static byte[] Info(string algorithm, JwksEncryptedToken token, int keyLength)
    {
        byte[] identifier = Encoding.ASCII.GetBytes(algorithm);
        return
        [
            .. Number(identifier.Length), .. identifier,
            .. Number(token.PartyUInfo.Length), .. token.PartyUInfo.Span,
            .. Number(token.PartyVInfo.Length), .. token.PartyVInfo.Span,
            .. Number(keyLength * 8),
        ];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
