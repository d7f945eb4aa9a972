using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Jose.Encryption;

/// <summary>The API's own keys. Decryption uses <see cref="IJwksDecryptor"/> instead.</summary>
internal interface IKeyRing
{
    bool IsConfigured { get; }

    /// <summary>Why there are no keys, or why the last reload failed, for the operator; empty without a fault.</summary>
    IReadOnlyList<string> Faults { get; }

    /// <summary>The first active signature key that fits the algorithm, with its published <c>kid</c>; null if there is none.</summary>
    /// <param name="algorithm">The JWS algorithm; null for the first key with its own algorithm.</param>
    SigningCredentials? FindSigningCredentials(string? algorithm = null);
}
