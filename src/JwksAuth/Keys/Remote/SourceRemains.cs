using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The state that a dropped source leaves.</summary>
/// <param name="LeftAt">The monotonic time at which it was dropped.</param>
/// <param name="Snapshot">Its keys; null if it had none.</param>
/// <param name="Metadata">Its metadata; null if it had none.</param>
internal sealed record SourceRemains(long LeftAt, TimeSpan Remaining, KeySnapshot? Snapshot, MetadataDocument? Metadata);
