using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

internal sealed class EcdsaKeyMaterial(ECDsa ecdsa, string curveName) : KeyMaterial
{
    internal static EcdsaKeyMaterial Generate(SignatureAlgorithm algorithm) => algorithm.Name switch
    {
        "ES384" => new(ECDsa.Create(ECCurve.NamedCurves.nistP384), "P-384"),
        "ES512" => new(ECDsa.Create(ECCurve.NamedCurves.nistP521), "P-521"),
        _ => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), "P-256"),
    };

    internal override JsonObject CreatePublicJwk()
    {
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = curveName,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    internal override string ExportPublicKeyPem() => ecdsa.ExportSubjectPublicKeyInfoPem();

    private protected override byte[] SignCore(byte[] data, SignatureAlgorithm algorithm, DSASignatureFormat ecdsaFormat) =>
        algorithm.Family == SignatureFamily.Ecdsa
            ? ecdsa.SignData(data, algorithm.Hash, ecdsaFormat)
            : throw new InvalidOperationException($"An EC key cannot sign with {algorithm.Name}.");
}
