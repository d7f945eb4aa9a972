
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>What a dropped source leaves.</summary>
/// <param name="LeftAt">When it was dropped, on the monotonic clock.</param>
/// <param name="Remaining">How long its cooldown lasted then.</param>
/// <param name="Snapshot">Its keys; null if it had none.</param>
/// <param name="Metadata">Its metadata; null if it had none.</param>
internal sealed record SourceRemains(long LeftAt, TimeSpan Remaining, KeySnapshot? Snapshot, MetadataDocument? Metadata);
