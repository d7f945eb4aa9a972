namespace JwksAuth.Jose.Encryption;

/// <summary>Which encrypted tokens may be opened at all. Anything else is refused before a private key is used.</summary>
/// <param name="Algorithms">The accepted <c>alg</c> values.</param>
/// <param name="Encryptions">The accepted <c>enc</c> values.</param>
/// <param name="MaximumLength">The longest token, in characters.</param>
internal sealed record JwePolicy(
    IReadOnlySet<KeyManagementAlgorithm> Algorithms, IReadOnlySet<ContentEncryptionAlgorithm> Encryptions, int MaximumLength);
