using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

internal sealed class RsaKeyMaterial(RSA rsa) : KeyMaterial
{
    internal override JsonObject CreatePublicJwk()
    {
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
    }

    internal override string ExportPublicKeyPem() => rsa.ExportSubjectPublicKeyInfoPem();

    private protected override byte[] SignCore(byte[] data, SignatureAlgorithm algorithm, DSASignatureFormat ecdsaFormat) =>
        rsa.SignData(data, algorithm.Hash, algorithm.Family switch
        {
            SignatureFamily.RsaPkcs1 => RSASignaturePadding.Pkcs1,
            SignatureFamily.RsaPss => RSASignaturePadding.Pss,
            _ => throw new InvalidOperationException($"An RSA key cannot sign with {algorithm.Name}."),
        });
}
