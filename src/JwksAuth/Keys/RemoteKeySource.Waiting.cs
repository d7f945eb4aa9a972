using JwksAuth.Diagnostics;

namespace JwksAuth.Keys;

/// <content>What a token with an unknown key gets: a fetch, a wait for one, or an answer at once.</content>
internal sealed partial class RemoteKeySource
{
    private int _waitingForFlight;

    public ValueTask<KeyLookup> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var request = new WaitingRequest(fetch, _time.GetTimestamp());
        var decision = Decide(ref request);

        // Under a flood nearly every answer is "not now": it costs no state machine.
        return decision.Awaited is null ? new(AnswerFromMemory(fetch)) : WaitAsync(request, decision, cancellationToken);
    }

    private async ValueTask<KeyLookup> WaitAsync(WaitingRequest request, Decision decision, CancellationToken cancellationToken)
    {
        try
        {
            while (decision.Awaited is { } awaited)
            {
                await awaited.WaitAsync(cancellationToken);
                Leave(ref request);
                var lookup = Find(request.Fetch.ToQuery());
                if (decision.IsLast || IsNews(lookup, request.Fetch))
                    break;
                request.Fetch = request.Fetch with { Seen = lookup.Set };
                decision = Decide(ref request);
            }
        }
        finally
        {
            Leave(ref request);
            if (request.Place is { } place)
                _held.Leave(place);
        }

        return AnswerFromMemory(request.Fetch);
    }

    private Decision Decide(ref WaitingRequest request)
    {
        Decision decision;
        bool isUsable;
        var wasHeld = request.Place is not null;
        lock (_gate)
        {
            isUsable = _snapshot is { } snapshot && IsFresh(snapshot);
            if (_disposed || (isUsable && (request.Fetch.KeepsUsableSet || IsNews(Find(request.Fetch.ToQuery()), request.Fetch))))
                return default;

            decision = DecideUnderGate(ref request, isUsable);
        }

        // Metrics and logs run code of the application, which must not run under the gate.
        if (decision.Reported is { } reported && isUsable && !wasHeld)
            _telemetry.UnknownKey(reported);
        return decision;
    }

    private Decision DecideUnderGate(ref WaitingRequest request, bool isUsable)
    {
        var wait = request.Fetch.Wait;
        if (_flight is not null)
        {
            if (isUsable && !TryEnter(ref request))
                return new Decision(null, IsLast: true, UnknownKeyDecision.Throttled);

            // A fetch under way may have read the issuer before the key was there. After one that no token caused, a token may cause another; after one
            // that a token caused, a request that can wait asks once more.
            var isLast = wait <= TimeSpan.Zero && (_flightReason == JwksFetchReason.Token || request.HasWaited);
            request.HasWaited = true;
            return new Decision(_flight, isLast, null);
        }

        var remaining = _window.RemainingOf(_tuning.Window);
        if (remaining == TimeSpan.Zero)
        {
            if (isUsable)
                TryEnter(ref request);
            return new Decision(StartFlight(JwksFetchReason.Token, request.Fetch), IsLast: true, UnknownKeyDecision.Fetched);
        }

        if (remaining > wait - _time.GetElapsedTime(request.AskedAt) || (request.Place ??= _held.TryEnter(request.Fetch.KeyId)) is not { Lost.IsCompleted: false } place)
            return new Decision(null, IsLast: true, UnknownKeyDecision.Throttled);

        return new Decision(Task.WhenAny(_held.WaitAsync(remaining), place.Lost), IsLast: false, UnknownKeyDecision.Waited);
    }

    // While there are keys in force, nearly everybody who waits for others is junk. Without keys every good token waits too.
    private bool TryEnter(ref WaitingRequest request)
    {
        if (request.Place is { Lost.IsCompleted: false } || request.IsCounted)
            return true;
        if (Volatile.Read(ref _waitingForFlight) >= HeldRequests.Maximum)
            return false;
        Interlocked.Increment(ref _waitingForFlight);
        return request.IsCounted = true;
    }

    private void Leave(ref WaitingRequest request)
    {
        if (!request.IsCounted)
            return;
        Interlocked.Decrement(ref _waitingForFlight);
        request.IsCounted = false;
    }

    // The asker doubted the set that it looked at: another one that has a fitting key answers, one that lacks it does not.
    private static bool IsNews(KeyLookup lookup, KeyFetch fetch) =>
        lookup.Status != KeyLookupStatus.FetchNeeded && !ReferenceEquals(lookup.Set, fetch.Seen);

    private KeyLookup AnswerFromMemory(KeyFetch fetch)
    {
        var lookup = Find(fetch.ToQuery());
        if (lookup.Status != KeyLookupStatus.FetchNeeded)
            return lookup;

        if (_snapshot is not { } snapshot || !IsFresh(snapshot))
            return KeyLookup.Unavailable(RetryAfter());

        _telemetry.UnknownKeyRefused(fetch.KeyId);
        return KeyLookup.Unknown(snapshot.Set);
    }

    // Whichever comes first may bring keys: the next fetch in the background, or one that a token may cause.
    private TimeSpan RetryAfter()
    {
        lock (_gate)
        {
            var window = _window.RemainingOf(_tuning.Window);
            var next = MayFetchByItself && _history.NextFetchIn() is { } planned && planned < window ? planned : window;
            return next > TimeSpan.FromSeconds(1) ? next : TimeSpan.FromSeconds(1);
        }
    }

    /// <summary>A request on its way through the source.</summary>
    private struct WaitingRequest(KeyFetch fetch, long askedAt)
    {
        public KeyFetch Fetch { get; set; } = fetch;

        public readonly long AskedAt => askedAt;

        /// <summary>Its place among those that wait for the cooldown; null if it never had one.</summary>
        public HeldRequests.Place? Place { get; set; }

        /// <summary>Whether it has one of the places of those that wait for a fetch.</summary>
        public bool IsCounted { get; set; }

        /// <summary>Whether it has waited for a fetch: the next one began after the request did.</summary>
        public bool HasWaited { get; set; }
    }

    /// <param name="Awaited">The fetch, or the end of the cooldown, to wait for; null answers at once.</param>
    /// <param name="IsLast">Whether the asker has its answer after that.</param>
    /// <param name="Reported">What operators are told; null for nothing.</param>
    private readonly record struct Decision(Task? Awaited, bool IsLast, UnknownKeyDecision? Reported);
}
