namespace JwksAuth.Keys.Remote;

/// <summary>A bounded list of the latest fetches and, for longer, rotations. Guarded by its owner's lock.</summary>
internal sealed class FetchTimeline
{
    public const int MaximumFetches = 60;
    public const int MaximumRotations = 12;

    private const int MaximumKeyIds = 10;
    private const int MaximumKeyIdLength = 64;

    private readonly Queue<JwksFetchRecord> _fetches = new(MaximumFetches);
    private readonly Queue<JwksFetchRecord> _rotations = new(MaximumRotations);

    public IReadOnlyList<JwksFetchRecord> Records => [.. _rotations.Where(rotation => !_fetches.Contains(rotation)), .. _fetches];

    public void Add(JwksFetchReason reason, JwksRefreshResult result, TimeSpan duration, DateTimeOffset now)
    {
        var record = new JwksFetchRecord
        {
            At = now,
            Duration = duration,
            Reason = reason,
            Outcome = result.Outcome,
            Error = result.Error,
            AddedKeyIds = Bounded(result.AddedKeyIds),
            RemovedKeyIds = Bounded(result.RemovedKeyIds),
        };
        Add(_fetches, record, MaximumFetches);
        if (record.Outcome == JwksRefreshOutcome.Changed)
            Add(_rotations, record, MaximumRotations);
    }

    private static void Add(Queue<JwksFetchRecord> queue, JwksFetchRecord record, int maximum)
    {
        if (queue.Count == maximum)
            queue.Dequeue();
        queue.Enqueue(record);
    }

    private static string[] Bounded(IReadOnlyList<string> keyIds) =>
        [.. keyIds.Take(MaximumKeyIds).Select(keyId => keyId.Length <= MaximumKeyIdLength ? keyId : keyId[..MaximumKeyIdLength])];
}
