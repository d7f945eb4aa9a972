using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace JwksAuth.Access.Binding;

/// <summary>
/// Nonces for DPoP proofs (RFC 9449 section 8): the time at which they were made, protected by the application's data protection, so that nothing
/// is kept for those who ask.
/// </summary>
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

    /// <summary>How old a nonce is; null if it is none of ours.</summary>
    public TimeSpan? AgeOf(string nonce)
    {
        if (nonce.Length > MaximumLength || !Base64Url.IsValid(nonce))
            return null;

        try
        {
            var made = _protector.Unprotect(Base64Url.DecodeFromChars(nonce));
            return made.Length == sizeof(long) ? time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(made)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
