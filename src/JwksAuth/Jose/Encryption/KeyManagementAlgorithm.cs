using System.Collections.Frozen;

namespace JwksAuth.Jose.Encryption;

/// <summary>
/// The supported <c>alg</c> values of a JWE (RFC 7518 section 4.1). RSA1_5 and the symmetric and password-based algorithms are not members,
/// so that no token and no option can select them.
/// </summary>
internal enum KeyManagementAlgorithm
{
    RsaOaep,
    RsaOaep256,
    EcdhEs,
    EcdhEsA128KW,
    EcdhEsA192KW,
    EcdhEsA256KW,
}

internal static class KeyManagementAlgorithms
{
    private static readonly FrozenDictionary<string, KeyManagementAlgorithm> ByName =
        Enum.GetValues<KeyManagementAlgorithm>().ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Enum.GetValues<KeyManagementAlgorithm>().Select(NameOf);

    public static bool TryParse(string name, out KeyManagementAlgorithm algorithm) => ByName.TryGetValue(name, out algorithm);

    public static string NameOf(this KeyManagementAlgorithm algorithm) => algorithm switch
    {
        KeyManagementAlgorithm.RsaOaep => "RSA-OAEP",
        KeyManagementAlgorithm.RsaOaep256 => "RSA-OAEP-256",
        KeyManagementAlgorithm.EcdhEs => "ECDH-ES",
        KeyManagementAlgorithm.EcdhEsA128KW => "ECDH-ES+A128KW",
        KeyManagementAlgorithm.EcdhEsA192KW => "ECDH-ES+A192KW",
        KeyManagementAlgorithm.EcdhEsA256KW => "ECDH-ES+A256KW",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public static bool IsRsa(this KeyManagementAlgorithm algorithm) => algorithm <= KeyManagementAlgorithm.RsaOaep256;

    /// <summary>The key wrap algorithm in ECDH-ES+A*KW and its key length in bytes (RFC 7518 section 4.6); null for the others.</summary>
    public static (string Name, int KeyLength)? KeyWrap(this KeyManagementAlgorithm algorithm) => algorithm switch
    {
        KeyManagementAlgorithm.EcdhEsA128KW => ("A128KW", 16),
        KeyManagementAlgorithm.EcdhEsA192KW => ("A192KW", 24),
        KeyManagementAlgorithm.EcdhEsA256KW => ("A256KW", 32),
        _ => null,
    };
}
