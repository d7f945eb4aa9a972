namespace JwksAuth.Keys.Remote;

/// <summary>Decides whether a request with an unknown key causes a fetch, waits, or is answered from memory.</summary>
internal sealed class FetchDecider(KeyFetcher fetcher, SourceTelemetry telemetry)
{
    public RequestDecision Decide(ref WaitingRequest request)
    {
        RequestDecision decision;
        bool isUsable;
        var wasHeld = request.Place is not null;
        using (var step = fetcher.State.Enter())
        {
            isUsable = fetcher.State.Usable is not null;
            if (step.IsClosed || (isUsable && IsAnswered(request.Fetch)))
                return default;

            decision = DecideIn(step, ref request, isUsable);
        }

        // Metrics and logs call the application's code, which must not run under the lock.
        if (decision.Reported is { } reported && isUsable && !wasHeld)
            telemetry.UnknownKey(reported);
        return decision;
    }

    private RequestDecision DecideIn(in SourceState.Step step, ref WaitingRequest request, bool isUsable)
    {
        if (step.Fetch is { } fetch)
            return fetcher.State.Requests.DuringFetch(ref request, fetch, fetcher.IsCausedByToken, isUsable);
        if (step.CooldownRemaining is var remaining && remaining > TimeSpan.Zero)
            return fetcher.State.Requests.DuringCooldown(ref request, remaining);

        if (isUsable)
            fetcher.State.Requests.TryWait(ref request);
        return new RequestDecision(fetcher.Start(step, JwksFetchReason.Token, request.Fetch), IsLast: true, UnknownKeyDecision.Fetched);
    }

    private bool IsAnswered(KeyFetch fetch) => fetch.KeepsUsableSet || fetch.IsAnsweredBy(fetcher.State.Find(fetch.ToQuery()));
}
