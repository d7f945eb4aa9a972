namespace JwksAuth.Keys.Remote;

/// <summary>
/// Decides what a request with an unknown key gets: a fetch, a wait for one, or an answer at once. Guarded by its owner's lock, but for
/// <see cref="StopWaiting"/> and <see cref="Leave"/>.
/// </summary>
internal sealed class WaitingRequests(TimeProvider time) : IDisposable
{
    private readonly HeldRequests _held = new(time);
    private int _waitingForFetch;

    /// <summary>Decides while a fetch is under way.</summary>
    public RequestDecision DuringFetch(ref WaitingRequest request, Task fetch, bool isCausedByToken, bool isUsable)
    {
        if (isUsable && !TryWait(ref request))
            return new RequestDecision(null, IsLast: true, UnknownKeyDecision.Throttled);

        // A fetch under way may have read the issuer before the key was there. After one that no token caused, a token may cause another; after one
        // that a token caused, a request that can wait asks once more.
        var isLast = request.Fetch.Wait <= TimeSpan.Zero && (isCausedByToken || request.HasWaited);
        request.HasWaited = true;
        return new RequestDecision(fetch, isLast, null);
    }

    /// <summary>Decides during the cooldown.</summary>
    public RequestDecision DuringCooldown(ref WaitingRequest request, TimeSpan remaining)
    {
        if (remaining > request.Fetch.Wait - time.GetElapsedTime(request.AskedAt)
            || (request.Place ??= _held.TryEnter(request.Fetch.KeyId)) is not { Lost.IsCompleted: false } place)
            return new RequestDecision(null, IsLast: true, UnknownKeyDecision.Throttled);

        return new RequestDecision(Task.WhenAny(_held.WaitAsync(remaining), place.Lost), IsLast: false, UnknownKeyDecision.Waited);
    }

    // While there are keys in force, nearly all requests that wait for others are junk. Without keys every good token waits too.
    public bool TryWait(ref WaitingRequest request)
    {
        if (request.Place is { Lost.IsCompleted: false } || request.IsCounted)
            return true;
        if (Volatile.Read(ref _waitingForFetch) >= HeldRequests.Maximum)
            return false;
        Interlocked.Increment(ref _waitingForFetch);
        return request.IsCounted = true;
    }

    /// <summary>Gives up the request's place among those that wait for a fetch.</summary>
    public void StopWaiting(ref WaitingRequest request)
    {
        if (!request.IsCounted)
            return;
        Interlocked.Decrement(ref _waitingForFetch);
        request.IsCounted = false;
    }

    /// <summary>Gives up all places of the request.</summary>
    public void Leave(ref WaitingRequest request)
    {
        StopWaiting(ref request);
        if (request.Place is { } place)
            _held.Leave(place);
    }

    /// <summary>Lets all requests that wait for the end of the cooldown look again.</summary>
    public void Release() => _held.Release();

    public void Dispose() => _held.Dispose();
}

/// <summary>A request on its way through the source.</summary>
internal struct WaitingRequest(KeyFetch fetch, long askedAt)
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
/// <param name="IsLast">Whether the request has its answer after that.</param>
/// <param name="Reported">What operators learn of it; null if nothing.</param>
internal readonly record struct RequestDecision(Task? Awaited, bool IsLast, UnknownKeyDecision? Reported);
