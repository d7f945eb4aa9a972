namespace JwksAuth.Keys.Remote;

/// <summary>Tracks which shared answers are new to this replica. Changed under its owner's lock.</summary>
internal sealed class SharedVersions
{
    private volatile int _withdrawals;
    private long? _clearedAt;
    private long _withdrawn;
    private long _refused;

    /// <summary>Whether this replica is withdrawing keys from the fleet; it works alone until then.</summary>
    public bool IsWithdrawing => _withdrawals > 0;

    public bool HasRefused => Volatile.Read(ref _refused) != 0;

    /// <param name="begunAt">The earliest monotonic time at which the fetch may have begun.</param>
    /// <param name="current">This replica's keys; null if it has none.</param>
    public bool IsNews(long version, long begunAt, KeySnapshot? current) =>
        version > _withdrawn
        && version != _refused
        && (_clearedAt is not { } clearedAt || begunAt > clearedAt)
        && (current is null || (current.Version is { } own ? version > own : begunAt > current.BegunAt));

    /// <param name="withdrawnAt">The latest monotonic time at which the keys may have been withdrawn.</param>
    /// <param name="current">This replica's keys; null if it has none.</param>
    public bool IsNewWithdrawal(long version, long withdrawnAt, KeySnapshot? current) =>
        version > _withdrawn
        && (current is null || (current.Version is { } own ? version > own : withdrawnAt >= current.BegunAt));

    public void BeginWithdrawal(long timestamp)
    {
        _withdrawals++;
        _clearedAt = timestamp;
    }

    /// <param name="version">The number of the withdrawal; null if it did not reach the fleet.</param>
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

    /// <summary>Remembers a rejected answer, so that it is read only once; null forgets it.</summary>
    public void Refuse(long? version) => _refused = version ?? 0;
}
