using System.Security.Cryptography;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Material;

/// <summary>A key of the ring: the material, and what configuration says about it.</summary>
/// <param name="Material">The private key.</param>
/// <param name="KeyId">The published <c>kid</c>.</param>
/// <param name="IsForEncryption">Whether others encrypt for it; otherwise it signs.</param>
/// <param name="Algorithm">The only algorithm it serves; null serves all of its type.</param>
/// <param name="IsActive">Whether it is published.</param>
/// <param name="Certificates">Its certificate chain in DER form, its own first; empty if there is none.</param>
internal sealed record RingKey(
    PrivateMaterial Material, string KeyId, bool IsForEncryption, string? Algorithm, bool IsActive, IReadOnlyList<byte[]> Certificates)
{
    /// <summary>The same for the same key in the same role, whatever file it came from.</summary>
    public string Identity => $"{Material.Thumbprint} {KeyId} {IsForEncryption} {Algorithm}";

    private SecurityKey SigningKey => field ??= CreateSigningKey();

    public bool MayDecrypt(KeyManagementAlgorithm algorithm) =>
        IsForEncryption && Material.Fits(algorithm) && (Algorithm is null || Algorithm == algorithm.NameOf());

    /// <summary>The content of a token, by the first of the keys that opens it; null if none does.</summary>
    public static byte[]? Decrypt(IEnumerable<RingKey> keys, JwksEncryptedToken token) => keys.Select(key => key.Open(token)).FirstOrDefault(content => content is not null);

    public bool MaySign(string? algorithm) =>
        IsActive && !IsForEncryption && (algorithm is null || (Algorithm is null ? Material.SignatureAlgorithms.Contains(algorithm) : Algorithm == algorithm));

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
            // The key is in memory and was tried out when it was loaded, so the text that the sender chose is to blame, whatever the exception.
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
