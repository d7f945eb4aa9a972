namespace JwksAuth.Keys;

/// <content>What a source that was made on the fly lives by: who uses it, whether it has verified anything, and what it leaves when it is dropped.</content>
internal sealed partial class RemoteKeySource
{
    private const int MostNames = 1000;

    private readonly HashSet<string> _names;
    private Func<bool>? _tryRetire;
    private DateTimeOffset? _lastUse;
    private long? _verifiedAt;

    /// <summary>Whether a key of the source has ever verified anything.</summary>
    public bool HasVerified => VerifiedAt is not null;

    /// <summary>The monotonic time at which it was last noticed that a key of the source had verified something since the time before; null if none ever has.</summary>
    public long? VerifiedAt
    {
        get
        {
            lock (_gate)
            {
                NoticeUse();
                return _verifiedAt;
            }
        }
    }

    /// <summary>Adds a name that operators may ask for the source by: that of an issuer or client that uses it.</summary>
    public void AddName(string name)
    {
        lock (_gate)
        {
            if (_names.Count < MostNames)
                _names.Add(name);
        }
    }

    /// <summary>Whether operators know the source by this name: an issuer, a client, or the address.</summary>
    public bool IsKnownAs(string name)
    {
        lock (_gate)
            return name == Identity.Address || name == Identity.ShownAddress || name == Metadata?.Issuer || _names.Contains(name);
    }

    /// <summary>Lets the source ask, before each background fetch, whether anybody needs it any more. Without keys it makes no such fetch.</summary>
    /// <param name="tryRetire">Closes the source and returns true if nobody does.</param>
    public void RetireWhen(Func<bool> tryRetire)
    {
        lock (_gate)
        {
            _tryRetire = tryRetire;
            if (_snapshot is { } snapshot)
                ScheduleByAge(snapshot);
            else
                ScheduleEnd();
        }
    }

    /// <summary>Tells a source that was made on the fly that configuration names it too.</summary>
    public void MarkConfigured()
    {
        _telemetry.IsResolved = false;
        lock (_gate)
        {
            if (_tryRetire is null || _disposed)
                return;
            _tryRetire = null;
            if (_flight is null && _snapshot is null && _history.FailuresInARow > 0)
                ScheduleIn(RefreshSchedule.AfterFailedStart(1));
        }
    }

    /// <summary>What is to outlive the source: its cooldown, and until that is over its keys; null if tokens may cause a fetch now.</summary>
    public SourceRemains? Leave()
    {
        lock (_gate)
        {
            // In a fleet the engine keeps the cooldown, and a withdrawal would not reach keys that nobody holds.
            return _fleet is null && _window.RemainingOf(_tuning.Window) is var remaining && remaining > TimeSpan.Zero
                ? new SourceRemains(_time.GetTimestamp(), remaining, _snapshot, _metadata)
                : null;
        }
    }

    private void Restore(SourceRemains remains)
    {
        _window.Defer(remains.Remaining - _time.GetElapsedTime(remains.LeftAt));
        _snapshot = remains.Snapshot;
        _metadata = remains.Metadata;
    }

    private void ScheduleEnd() => _timer.Change(OnTheFlySources.EmptyLifetime, Timeout.InfiniteTimeSpan);

    // Marks are dates by the wall clock, which may be moved: that one differs from the one before says enough. Called under the gate.
    private void NoticeUse()
    {
        var latest = (_snapshot?.Set ?? KeySet.Empty).Keys.Max(key => key.LastUsed);
        if (latest is null || latest == _lastUse)
            return;
        _lastUse = latest;
        _verifiedAt = _time.GetTimestamp();
    }
}
