using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Jose.Encryption;

/// <summary>The API's own keys, as the rest of the package needs them. Decryption goes through <see cref="IJwksDecryptor"/>.</summary>
internal interface IKeyRing
{
    /// <summary>Whether there are keys to work with.</summary>
    bool IsConfigured { get; }

    /// <summary>What is wrong, in words for the operator: why there are no keys, or why the last reload was not taken; empty if nothing is.</summary>
    IReadOnlyList<string> Faults { get; }

    /// <summary>
    /// The current key to sign with, as for <c>private_key_jwt</c> (RFC 7523): the first active signature key that the algorithm fits.
    /// The <c>kid</c> is that of the published key. Null if there is none.
    /// </summary>
    /// <param name="algorithm">The JWS algorithm; null takes the first key with its own algorithm.</param>
    SigningCredentials? FindSigningCredentials(string? algorithm = null);
}
