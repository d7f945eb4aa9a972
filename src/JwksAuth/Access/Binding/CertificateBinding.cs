using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using JwksAuth.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Access.Binding;

/// <summary>Proves that a token belongs to the client certificate of the connection (RFC 8705 section 3).</summary>
internal sealed class CertificateBinding(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("JwksAuth");

    /// <summary>Whether the connection has this client certificate; TLS has proved possession of its private key.</summary>
    public async ValueTask<bool> IsProvedAsync(HttpContext context, string thumbprint)
    {
        var certificate = await FindCertificateAsync(context);
        if (certificate is null)
            return false;

        var actual = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(actual), Encoding.UTF8.GetBytes(thumbprint));
    }

    // A server that requests certificates late (DelayCertificate) cannot do so while a body is being sent. The kind of failure depends on
    // the TLS stack; any failure counts as no certificate.
    private async ValueTask<X509Certificate2?> FindCertificateAsync(HttpContext context)
    {
        try
        {
            return await context.Connection.GetClientCertificateAsync(context.RequestAborted);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            _logger.ClientCertificateNotAsked(exception);
            return null;
        }
    }
}
