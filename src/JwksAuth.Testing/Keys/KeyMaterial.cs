using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>A private key of the platform. Not thread-safe, like the platform's key objects.</summary>
internal abstract class KeyMaterial
{
    private readonly Lock _lock = new();

    /// <summary>The public key members of RFC 7518 section 6, without the general ones (kid, alg, use).</summary>
    internal abstract JsonObject CreatePublicJwk();

    internal abstract string ExportPublicKeyPem();

    internal byte[] Sign(byte[] data, SignatureAlgorithm algorithm, DSASignatureFormat ecdsaFormat)
    {
        lock (_lock)
            return SignCore(data, algorithm, ecdsaFormat);
    }

    internal static KeyMaterial Generate(SignatureAlgorithm algorithm, int rsaKeySize) =>
        algorithm.Family == SignatureFamily.Ecdsa ? EcdsaKeyMaterial.Generate(algorithm) : new RsaKeyMaterial(RSA.Create(rsaKeySize));

    private protected abstract byte[] SignCore(byte[] data, SignatureAlgorithm algorithm, DSASignatureFormat ecdsaFormat);
}
