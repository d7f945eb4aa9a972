using System.Collections.Frozen;

namespace JwksAuth.Jose.Encryption;

/// <summary>The supported <c>enc</c> values of a JWE (RFC 7518 section 5.1).</summary>
internal enum ContentEncryptionAlgorithm
{
    A128Gcm,
    A192Gcm,
    A256Gcm,
    A128CbcHS256,
    A192CbcHS384,
    A256CbcHS512,
}

internal static class ContentEncryptionAlgorithms
{
    private static readonly FrozenDictionary<string, ContentEncryptionAlgorithm> ByName =
        Enum.GetValues<ContentEncryptionAlgorithm>().ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Enum.GetValues<ContentEncryptionAlgorithm>().Select(NameOf);

    public static bool TryParse(string name, out ContentEncryptionAlgorithm algorithm) => ByName.TryGetValue(name, out algorithm);

    public static string NameOf(this ContentEncryptionAlgorithm algorithm) => algorithm switch
    {
        ContentEncryptionAlgorithm.A128Gcm => "A128GCM",
        ContentEncryptionAlgorithm.A192Gcm => "A192GCM",
        ContentEncryptionAlgorithm.A256Gcm => "A256GCM",
        ContentEncryptionAlgorithm.A128CbcHS256 => "A128CBC-HS256",
        ContentEncryptionAlgorithm.A192CbcHS384 => "A192CBC-HS384",
        ContentEncryptionAlgorithm.A256CbcHS512 => "A256CBC-HS512",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public static bool IsGcm(this ContentEncryptionAlgorithm algorithm) => algorithm <= ContentEncryptionAlgorithm.A256Gcm;

    /// <summary>The length of the content encryption key, in bytes.</summary>
    public static int KeyLength(this ContentEncryptionAlgorithm algorithm) => algorithm switch
    {
        ContentEncryptionAlgorithm.A128Gcm => 16,
        ContentEncryptionAlgorithm.A192Gcm => 24,
        ContentEncryptionAlgorithm.A256Gcm => 32,
        ContentEncryptionAlgorithm.A128CbcHS256 => 32,
        ContentEncryptionAlgorithm.A192CbcHS384 => 48,
        ContentEncryptionAlgorithm.A256CbcHS512 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>The length of the initialization vector, in bytes (RFC 7518 sections 5.2.2.1 and 5.3).</summary>
    public static int VectorLength(this ContentEncryptionAlgorithm algorithm) => algorithm.IsGcm() ? 12 : 16;

    /// <summary>The length of the authentication tag, in bytes. Shorter tags are rejected.</summary>
    public static int TagLength(this ContentEncryptionAlgorithm algorithm) => algorithm.IsGcm() ? 16 : algorithm.KeyLength() / 2;
}
