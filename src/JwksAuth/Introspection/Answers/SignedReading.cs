namespace JwksAuth.Introspection.Answers;

/// <param name="Json">The verified introspection response; null if there is none.</param>
/// <param name="Proof">The key that verified it; null for a plain inactive response.</param>
internal readonly record struct SignedReading(byte[]? Json, AnswerProof? Proof, string? Fault, TimeSpan? RetryAfter)
{
    public static SignedReading Read(byte[] json, AnswerProof? proof) => new(json, proof, null, null);

    public static SignedReading Unavailable(TimeSpan retryAfter) => new(null, null, null, retryAfter);

    public static implicit operator SignedReading(string fault) => new(null, null, fault, null);
}
