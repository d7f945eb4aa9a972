namespace JwksAuth.Keys.Remote;

/// <summary>Which answers that other replicas shared are news to this one. Changed under its owner's lock.</summary>
internal sealed class SharedVersions
{
    private volatile int _withdrawals;
    private long? _clearedAt;
    private long _withdrawn;
    private long _refused;

    /// <summary>Whether this replica is withdrawing keys from the fleet. Until that is done, it works alone.</summary>
    public bool IsWithdrawing => _withdrawals > 0;

    /// <summary>Whether the rules of this replica refuse what the fleet has.</summary>
    public bool HasRefused => Volatile.Read(ref _refused) != 0;

    /// <param name="version">The number of an answer or of a withdrawal.</param>
    /// <param name="begunAt">The monotonic times between which its fetch began.</param>
    /// <param name="current">The keys of this replica; null if it has none.</param>
    /// <remarks>Where it is uncertain which of two fetches was later, the shared one counts: it may be a withdrawal, which must not be missed.</remarks>
    public bool IsNews(long version, SharedTime begunAt, KeySnapshot? current) =>
        version > _withdrawn
        && version != _refused
        && (_clearedAt is not { } clearedAt || begunAt.Earliest > clearedAt)
        && (current is null || (current.Version is { } own ? version > own : begunAt.Latest > current.BegunAt));

    public void BeginWithdrawal(long timestamp)
    {
        _withdrawals++;
        _clearedAt = timestamp;
    }

    /// <param name="version">The number of the withdrawal; null if the fleet was not told.</param>
    public void EndWithdrawal(long? version)
    {
        _withdrawals--;
        if (version is not { } withdrawn)
            return;
        Withdraw(withdrawn);
        if (!IsWithdrawing)
            _clearedAt = null;
    }

    public void Withdraw(long version)
    {
        _withdrawn = version;
        _refused = 0;
    }

    /// <summary>Remembers an answer that was refused, so that it is read once; null forgets the one that is remembered.</summary>
    public void Refuse(long? version) => _refused = version ?? 0;
}

/// <summary>When another replica fetched or withdrew keys, on the clock of this one. The fleet tells how long ago that was, and its answer takes time.</summary>
/// <param name="Earliest">The time if the fleet answered as soon as this replica asked.</param>
/// <param name="Latest">The time if the fleet answered just before this replica read the answer.</param>
internal readonly record struct SharedTime(long Earliest, long Latest);
