namespace JwksAuth.Keys.Remote;

/// <summary>
/// Requests that wait for a fetch or for the end of the cooldown, up to a limit. Guarded by its owner's lock, except for
/// <see cref="StopWaiting"/> and <see cref="Leave"/>.
/// </summary>
internal sealed class WaitingRequests(TimeProvider time) : IDisposable
{
    private readonly HeldRequests _held = new(time);
    private int _waitingForFetch;

    public RequestDecision DuringFetch(ref WaitingRequest request, Task fetch, bool isCausedByToken, bool isUsable)
    {
        if (isUsable && !TryWait(ref request))
            return new RequestDecision(null, IsLast: true, UnknownKeyDecision.Throttled);

        // A fetch in progress may have read the issuer before it published the key. If no token caused the fetch, a token may cause
        // another; if a token did, a request that can wait tries once more.
        var isLast = request.Fetch.Wait <= TimeSpan.Zero && (isCausedByToken || request.HasWaited);
        request.HasWaited = true;
        return new RequestDecision(fetch, isLast, null);
    }

    public RequestDecision DuringCooldown(ref WaitingRequest request, TimeSpan remaining)
    {
        if (remaining > request.Fetch.Wait - time.GetElapsedTime(request.AskedAt)
            || (request.Place ??= _held.TryEnter(request.Fetch.KeyId)) is not { Lost.IsCompleted: false } place)
            return new RequestDecision(null, IsLast: true, UnknownKeyDecision.Throttled);

        return new RequestDecision(Task.WhenAny(_held.WaitAsync(remaining), place.Lost), IsLast: false, UnknownKeyDecision.Waited);
    }

    // With keys in use, nearly all waiting requests are junk. Without keys, every valid token waits too.
    public bool TryWait(ref WaitingRequest request)
    {
        if (request.Place is { Lost.IsCompleted: false } || request.IsCounted)
            return true;
        if (Volatile.Read(ref _waitingForFetch) >= HeldRequests.Maximum)
            return false;
        Interlocked.Increment(ref _waitingForFetch);
        return request.IsCounted = true;
    }

    public void StopWaiting(ref WaitingRequest request)
    {
        if (!request.IsCounted)
            return;
        Interlocked.Decrement(ref _waitingForFetch);
        request.IsCounted = false;
    }

    public void Leave(ref WaitingRequest request)
    {
        StopWaiting(ref request);
        if (request.Place is { } place)
            _held.Leave(place);
    }

    public void Release() => _held.Release();

    public void Dispose() => _held.Dispose();
}

internal struct WaitingRequest(KeyFetch fetch, long askedAt)
{
    public KeyFetch Fetch { get; set; } = fetch;

    public readonly long AskedAt => askedAt;

    /// <summary>Its place among requests held by the cooldown; null if it never had one.</summary>
    public HeldRequests.Place? Place { get; set; }

    public bool IsCounted { get; set; }

    /// <summary>Whether it has waited for a fetch; the next fetch starts after the request.</summary>
    public bool HasWaited { get; set; }
}

/// <param name="Awaited">The task to wait for; null to answer at once.</param>
/// <param name="IsLast">Whether the request is answered after that.</param>
/// <param name="Reported">The decision to report; null for none.</param>
internal readonly record struct RequestDecision(Task? Awaited, bool IsLast, UnknownKeyDecision? Reported);
