using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace JwksAuth.Access.Binding;

/// <summary>Nonces for DPoP proofs (RFC 9449 section 8): the creation time, encrypted by data protection. The API stores none.</summary>
internal sealed class DpopNonces(IDataProtectionProvider protection, TimeProvider time)
{
    private const int MaximumLength = 512;

    private readonly IDataProtector _protector = protection.CreateProtector("JwksAuth.DpopNonce");

    public string Create()
    {
        var made = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(made, time.GetUtcNow().ToUnixTimeMilliseconds());
        return Base64Url.EncodeToString(_protector.Protect(made));
    }

    /// <summary>The age of a nonce; null if this API did not issue it.</summary>
    public TimeSpan? AgeOf(string nonce)
    {
        if (nonce.Length > MaximumLength || !Base64Url.IsValid(nonce))
            return null;

        try
        {
            var made = _protector.Unprotect(Base64Url.DecodeFromChars(nonce));
            return made.Length == sizeof(long)
                ? time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(made))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
