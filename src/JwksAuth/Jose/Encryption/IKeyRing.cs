using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Jose.Encryption;

/// <summary>The API's own keys. Decryption uses <see cref="IJwksDecryptor"/> instead.</summary>
internal interface IKeyRing
{
    bool IsConfigured { get; }

    /// <summary>Why there are no keys, or why the last reload failed, for the operator; empty without a fault.</summary>
    IReadOnlyList<string> Faults { get; }

    /// <summary>
    /// The signing credentials, for example for <c>private_key_jwt</c> (RFC 7523): the first active signature key that fits the algorithm,
    /// with the published <c>kid</c>. Null if there is none.
    /// </summary>
    /// <param name="algorithm">The JWS algorithm; null for the first key with its own algorithm.</param>
    SigningCredentials? FindSigningCredentials(string? algorithm = null);
}
