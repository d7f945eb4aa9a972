using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access;

/// <summary>Proves that a token belongs to the client certificate of the connection (RFC 8705 section 3).</summary>
internal static class CertificateBinding
{
    /// <summary>Whether the connection has the certificate; TLS has proved that the caller has its private key.</summary>
    public static async ValueTask<bool> IsProvedAsync(HttpContext context, string thumbprint)
    {
        var certificate = await context.Connection.GetClientCertificateAsync(context.RequestAborted);
        if (certificate is null)
            return false;

        var actual = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(actual), Encoding.UTF8.GetBytes(thumbprint));
    }
}
