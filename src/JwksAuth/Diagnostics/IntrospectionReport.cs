namespace JwksAuth.Diagnostics;

/// <summary>What one scheme reports of its questions to the authorization server. Every error is a fixed word or escaped and cut.</summary>
internal sealed class IntrospectionReport(IntrospectionTelemetry telemetry, string scheme, TimeProvider time)
{
    private const int FirstTokens = 20;
    private const string Inactive = "inactive";

    private readonly FloodGate _unreachable = new(time);
    private readonly FloodGate _credentials = new(time);
    private readonly FloodGate _request = new(time);
    private readonly FloodGate _untrusted = new(time);
    private readonly FloodGate _unsupported = new(time);
    private readonly FloodGate _odd = new(time);
    private readonly FloodGate _unexplained = new(time);
    private int _inactive;
    private volatile bool _hasSeenActive;

    public void Asked(bool wasKnown) =>
        telemetry.CacheRequests.Add(1, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Outcome, wasKnown ? "hit" : "miss"));

    public long QuestionStarted() => time.GetTimestamp();

    public void QuestionCompleted(long startedAt) =>
        telemetry.Duration.Record(time.GetElapsedTime(startedAt).TotalSeconds, new KeyValuePair<string, object?>(JwksTagNames.Scheme, scheme));

    /// <param name="outcome">A fixed word.</param>
    /// <param name="isActive">Whether the token was accepted.</param>
    public void Answered(string outcome, bool isActive)
    {
        telemetry.Introspections.Add(1, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Outcome, outcome));
        if (isActive)
            _hasSeenActive = true;
        else if (outcome == Inactive && !_hasSeenActive && Interlocked.Increment(ref _inactive) == FirstTokens)
            telemetry.Logger.IntrospectionNeverActive(scheme, FirstTokens);
    }

    public void Unreachable(string error)
    {
        if (_unreachable.TryPass(out var count))
            telemetry.Logger.IntrospectionUnreachable(scheme, count, error);
    }

    public void CredentialsRefused(string error)
    {
        if (_credentials.TryPass(out var count))
            telemetry.Logger.IntrospectionCredentialsRefused(scheme, count, error);
    }

    public void RequestRefused(string error)
    {
        if (_request.TryPass(out var count))
            telemetry.Logger.IntrospectionRequestRefused(scheme, count, error);
    }

    public void AnswerUntrusted(string error)
    {
        if (_untrusted.TryPass(out var count))
            telemetry.Logger.IntrospectionAnswerUntrusted(scheme, count, error);
    }

    public void AnswerOdd(string error)
    {
        if (_odd.TryPass(out var count))
            telemetry.Logger.IntrospectionAnswerOdd(scheme, count, error);
    }

    public void RefusedWithoutReason(string error)
    {
        if (_unexplained.TryPass(out var count))
            telemetry.Logger.IntrospectionRefusedWithoutReason(scheme, count, error);
    }

    public void TokenTypeUnsupported()
    {
        if (_unsupported.TryPass(out var count))
            telemetry.Logger.IntrospectionTokenTypeUnsupported(scheme, count);
    }
}
