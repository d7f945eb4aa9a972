using System.Collections.Concurrent;
using JwksAuth.Fleet;

namespace JwksAuth.Tests;

/// <summary>An engine in memory on the clock of the test, which fails or hangs on demand. It follows the contract of the interface exactly.</summary>
internal sealed class FakeFleet(TimeProvider time) : IFleetEngine
{
    private readonly ConcurrentDictionary<string, Shared> _sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<object, long> _answersAt = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private volatile Func<Task>? _fault;
    private int _calls;

    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    public Task FirstTry { get; set; } = Task.CompletedTask;

    /// <summary>The number of calls to the engine.</summary>
    public int Calls => _calls;

    /// <summary>Completes after this number of calls to the engine since the last call of this method.</summary>
    public async Task WaitForCallsAsync(int count)
    {
        for (var seen = 0; seen < count; seen++)
            await _arrivals.WaitAsync();
    }

    /// <summary>The number of granted claims.</summary>
    public int Granted => _sources.Values.Sum(source => source.Granted);

    /// <summary>How long until a slow engine answers the next call; null if it answers at once, not at all, or has no call to answer.</summary>
    public TimeSpan? NextAnswerIn => _answersAt.Values.Select(at => (TimeSpan?)time.GetElapsedTime(time.GetTimestamp(), at)).Min();

    /// <summary>Whether every call takes a while.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>From now on, every call fails.</summary>
    public void Fail() => Behave(() => Task.FromException(new IOException("The engine is down.")));

    /// <summary>From now on, no call completes, even if the caller cancels.</summary>
    public void Hang() => Behave(() => new TaskCompletionSource().Task);

    /// <summary>From now on, every call takes this long.</summary>
    public void Slow(TimeSpan delay)
    {
        Behave(() => AnswerLateAsync(delay));
        IsSlow = true;
    }

    /// <summary>Ends a fault for later calls.</summary>
    public void Recover() => Behave(null);

    /// <summary>Replaces the copy, as if a fetch this long ago had stored it.</summary>
    public void Plant(FleetSourceName name, byte[] document, TimeSpan age) => SourceOf(name).Plant(document, age);

    /// <summary>The document that the fleet shares.</summary>
    public FleetState Read(FleetSourceName name) => SourceOf(name).Read();

    public IFleetSource Join(FleetSourceName name, TimeProvider clock, Action onChange) => new Member(this, SourceOf(name), onChange);

    private void Behave(Func<Task>? fault) => (_fault, IsSlow) = (fault, false);

    private async Task AnswerLateAsync(TimeSpan delay)
    {
        var answer = new object();
        _answersAt[answer] = time.GetTimestamp() + delay.Ticks;
        await Task.Delay(delay, time);
        _answersAt.TryRemove(answer, out _);
    }

    private Shared SourceOf(FleetSourceName name) => _sources.GetOrAdd(name.Key, _ => new Shared(time));

    private async Task<T> AnswerAsync<T>(Func<T> answer)
    {
        Interlocked.Increment(ref _calls);
        _arrivals.Release();
        if (_fault is { } fault)
            await fault();
        return answer();
    }

    private sealed class Member : IFleetSource
    {
        private readonly FakeFleet _fleet;
        private readonly Shared _shared;
        private readonly Action _onChange;

        public Member(FakeFleet fleet, Shared shared, Action onChange)
        {
            (_fleet, _shared, _onChange) = (fleet, shared, onChange);
            shared.Changed += onChange;
        }

        public Task<FleetState> ReadAsync(CancellationToken cancellationToken) => _fleet.AnswerAsync(_shared.Read);

        public Task<FleetClaim> ClaimAsync(ClaimTerms terms, CancellationToken cancellationToken) =>
            _fleet.AnswerAsync(() => _shared.Claim(terms));

        public Task CompleteAsync(long version, byte[]? document, bool beginsCooldown, CancellationToken cancellationToken) =>
            _fleet.AnswerAsync(() => _shared.Complete(version, document, beginsCooldown));

        public Task ReturnAsync(long version, CancellationToken cancellationToken) => _fleet.AnswerAsync(() => _shared.Return(version));

        public Task<FleetState> WithdrawAsync(CancellationToken cancellationToken) => _fleet.AnswerAsync(_shared.Withdraw);

        public ValueTask DisposeAsync()
        {
            _shared.Changed -= _onChange;
            return default;
        }
    }

    private sealed class Shared(TimeProvider time)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<long, long> _claims = [];
        private long _number;
        private long? _claimedAt;
        private long? _cooldownSince;
        private bool _isUnderWay;
        private long _version;
        private long _versionAt;
        private byte[]? _document;

        public event Action? Changed;

        public int Granted { get; private set; }

        public FleetState Read()
        {
            lock (_gate)
                return new FleetState(_version, time.GetElapsedTime(_versionAt), _document, _isUnderWay);
        }

        public FleetClaim Claim(ClaimTerms terms)
        {
            lock (_gate)
            {
                if (_version > terms.Seen)
                    return FleetClaim.Outdated;
                if ((_isUnderWay ? _claimedAt : _cooldownSince) is { } since
                    && terms.LeastTime(_isUnderWay) - time.GetElapsedTime(since) is var remaining && remaining > TimeSpan.Zero)
                    return FleetClaim.Refused(remaining, _isUnderWay);

                var now = time.GetTimestamp();
                _claimedAt = now;
                _claims[++_number] = now;
                _isUnderWay = true;
                Granted++;
                return FleetClaim.Granted(_number);
            }
        }

        public bool Complete(long version, byte[]? document, bool beginsCooldown)
        {
            lock (_gate)
            {
                if (beginsCooldown && version == _number)
                    _cooldownSince = _claims[version];
                _isUnderWay &= version != _number;
                if (document is not null && version > _version)
                    (_version, _versionAt, _document) = (version, _claims[version], document);
            }

            Changed?.Invoke();
            return true;
        }

        public bool Return(long version)
        {
            lock (_gate)
            {
                if (version == _number)
                    _isUnderWay = false;
            }

            Changed?.Invoke();
            return true;
        }

        public FleetState Withdraw()
        {
            lock (_gate)
                (_version, _versionAt, _document, _cooldownSince, _isUnderWay) = (++_number, time.GetTimestamp(), null, null, false);
            Changed?.Invoke();
            return Read();
        }

        public void Plant(byte[] document, TimeSpan age)
        {
            lock (_gate)
                (_version, _versionAt, _document) = (++_number, time.GetTimestamp() - age.Ticks, document);
            Changed?.Invoke();
        }
    }
}
