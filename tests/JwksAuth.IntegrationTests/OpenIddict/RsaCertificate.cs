using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>Self-signed RSA certificates for one purpose each. OpenIddict requires the purpose, and reads no elliptic curve from <c>x5c</c>.</summary>
internal static class RsaCertificate
{
    public static X509Certificate2 CreateForSigning(int days) => Create(X509KeyUsageFlags.DigitalSignature, days);

    public static X509Certificate2 CreateForEncryption() => Create(X509KeyUsageFlags.KeyEncipherment);

    public static X509Certificate2 CreateForClient() =>
        Create(X509KeyUsageFlags.DigitalSignature, extensions: new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));

    private static X509Certificate2 Create(X509KeyUsageFlags usage, int days = 1, params X509Extension[] extensions)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        foreach (var extension in extensions.Append(new X509KeyUsageExtension(usage, critical: true)))
            request.CertificateExtensions.Add(extension);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddMinutes(-1), now.AddDays(days));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null); // as in TlsApi: not every TLS stack takes a key in memory
    }
}
