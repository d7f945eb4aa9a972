namespace JwksAuth.Jose.Encryption;

/// <summary>The accepted encrypted tokens. All others are rejected before a private key is used.</summary>
/// <param name="MaximumLength">The maximum length of a token, in characters.</param>
internal sealed record JwePolicy(
    IReadOnlySet<KeyManagementAlgorithm> Algorithms, IReadOnlySet<ContentEncryptionAlgorithm> Encryptions, int MaximumLength);
