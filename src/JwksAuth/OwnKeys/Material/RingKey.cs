using System.Security.Cryptography;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Material;

/// <summary>A key of the ring with its configuration.</summary>
/// <param name="IsForEncryption">Whether it decrypts; otherwise it signs.</param>
/// <param name="Algorithm">Its only algorithm; null allows all algorithms of its type.</param>
/// <param name="Certificates">The certificate chain in DER form, leaf first; empty without one.</param>
internal sealed record RingKey(
    PrivateMaterial Material, string KeyId, bool IsForEncryption, string? Algorithm, bool IsActive, IReadOnlyList<byte[]> Certificates)
{
    /// <summary>Identifies the key in its role, regardless of the file that contains it.</summary>
    public string Identity => $"{Material.Thumbprint} {KeyId} {IsForEncryption} {Algorithm}";

    private SecurityKey SigningKey => field ??= CreateSigningKey();

    public bool MayDecrypt(KeyManagementAlgorithm algorithm) =>
        IsForEncryption && Material.Fits(algorithm) && (Algorithm is null || Algorithm == algorithm.NameOf());

    /// <summary>Decrypts a token with the first key that succeeds; null if none does.</summary>
    public static byte[]? Decrypt(IEnumerable<RingKey> keys, JwksEncryptedToken token) =>
        keys.Select(key => key.Open(token)).FirstOrDefault(content => content is not null);

    public bool MaySign(string? algorithm) =>
        IsActive && !IsForEncryption
            && (algorithm is null || (Algorithm is null ? Material.SignatureAlgorithms.Contains(algorithm) : Algorithm == algorithm));

    public SigningCredentials CreateSigningCredentials(string? algorithm) =>
        new(SigningKey, algorithm ?? Algorithm ?? Material.SignatureAlgorithms[0]);

    private byte[]? Open(JwksEncryptedToken token)
    {
        byte[]? contentKey = null;
        try
        {
            contentKey = Material.FindContentKey(token);
            return contentKey is null ? null : token.Decrypt(contentKey);
        }
        catch (Exception)
        {
            // The key was tested when it was loaded, so any exception is caused by the token.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }

    private SecurityKey CreateSigningKey()
    {
        var key = Material.CreateSigningKey();
        key.KeyId = KeyId;
        return key;
    }
}
