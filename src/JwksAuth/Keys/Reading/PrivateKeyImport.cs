using System.Security.Cryptography;

namespace JwksAuth.Keys.Reading;

/// <summary>Imports private keys from formats that do not name the type of the key.</summary>
internal static class PrivateKeyImport
{
    /// <summary>Imports an RSA or EC key, which the caller disposes.</summary>
    /// <exception cref="CryptographicException">It is neither, or the password is wrong.</exception>
    /// <exception cref="ArgumentException">The text is not PEM.</exception>
    public static AsymmetricAlgorithm RsaOrEc(Action<AsymmetricAlgorithm> import)
    {
        var rsa = RSA.Create();
        try
        {
            import(rsa);
            return rsa;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
        }

        var ec = ECDsa.Create();
        try
        {
            import(ec);
            return ec;
        }
        catch
        {
            ec.Dispose();
            throw;
        }
    }
}
