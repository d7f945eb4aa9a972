namespace JwksAuth.Introspection.Answers;

/// <summary>What became of reading a signed answer.</summary>
/// <param name="Json">The introspection response that was signed; null if there is none to trust.</param>
/// <param name="Proof">What it rests on; null for an answer that confirms nothing.</param>
/// <param name="Fault">Why there is none, as fixed words for operators.</param>
/// <param name="RetryAfter">When trying again may help; set if the keys are out of reach.</param>
internal readonly record struct SignedReading(byte[]? Json, AnswerProof? Proof, string? Fault, TimeSpan? RetryAfter)
{
    public static SignedReading Read(byte[] json, AnswerProof? proof) => new(json, proof, null, null);

    public static SignedReading Unavailable(TimeSpan retryAfter) => new(null, null, null, retryAfter);

    public static implicit operator SignedReading(string fault) => new(null, null, fault, null);
}
