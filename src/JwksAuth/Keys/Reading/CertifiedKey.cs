using System.Security.Cryptography;

namespace JwksAuth.Keys.Reading;

/// <summary>Compares the public key of a certificate with another key.</summary>
internal static class CertifiedKey
{
    /// <param name="certified">The key of the certificate, which is disposed; null if the certificate has a key of another type.</param>
    public static bool Is(RSA? certified, RSAParameters parameters)
    {
        using (certified)
        {
            return certified?.ExportParameters(false) is { } own
                && own.Modulus.AsSpan().SequenceEqual(parameters.Modulus)
                && own.Exponent.AsSpan().SequenceEqual(parameters.Exponent);
        }
    }

    /// <inheritdoc cref="Is(RSA?, RSAParameters)"/>
    public static bool Is(ECDsa? certified, ECParameters parameters)
    {
        using (certified)
        {
            return certified?.ExportParameters(false) is { } own
                && own.Q.X.AsSpan().SequenceEqual(parameters.Q.X)
                && own.Q.Y.AsSpan().SequenceEqual(parameters.Q.Y);
        }
    }
}
