namespace JwksAuth.Tool.Explain;

/// <summary>All failures of a token that can be found.</summary>
/// <param name="Failures">The failures, in the order of the checks; empty for a token that is accepted.</param>
/// <param name="StoppedBy">The failure that prevented further checks; null if all were made.</param>
internal sealed record TrialResult(IReadOnlyList<JwksTokenFailure> Failures, JwksTokenFailure? StoppedBy);
