using System.Security.Cryptography;

namespace JwksAuth.Testing;

/// <summary>A digital signature algorithm of RFC 7518 section 3.1.</summary>
internal sealed record SignatureAlgorithm(string Name, SignatureFamily Family, HashAlgorithmName Hash)
{
    private static readonly SignatureAlgorithm[] All =
    [
        new("RS256", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA256),
        new("RS384", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA384),
        new("RS512", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA512),
        new("PS256", SignatureFamily.RsaPss, HashAlgorithmName.SHA256),
        new("PS384", SignatureFamily.RsaPss, HashAlgorithmName.SHA384),
        new("PS512", SignatureFamily.RsaPss, HashAlgorithmName.SHA512),
        new("ES256", SignatureFamily.Ecdsa, HashAlgorithmName.SHA256),
        new("ES384", SignatureFamily.Ecdsa, HashAlgorithmName.SHA384),
        new("ES512", SignatureFamily.Ecdsa, HashAlgorithmName.SHA512),
    ];

    internal static SignatureAlgorithm Parse(string alg) =>
        Array.Find(All, algorithm => algorithm.Name == alg)
        ?? throw new ArgumentException(
            $"The fake issuer cannot sign with '{alg}'. It knows {string.Join(", ", All.Select(a => a.Name))}.", nameof(alg));
}

internal enum SignatureFamily
{
    RsaPkcs1,
    RsaPss,
    Ecdsa,
}
