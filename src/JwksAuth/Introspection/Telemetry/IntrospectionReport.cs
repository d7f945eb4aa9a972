using JwksAuth.Diagnostics;

namespace JwksAuth.Introspection.Telemetry;

/// <summary>Reports the introspection requests of one scheme. Errors are fixed words or escaped and truncated.</summary>
internal sealed class IntrospectionReport(IntrospectionTelemetry telemetry, string scheme, TimeProvider time)
{
    private const int FirstTokens = 20;
    private const string Inactive = "inactive";

    // A success right after a failure proves little: only some tokens may get responses.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly OutageGate _unreachable = new(time);
    private readonly OutageGate _credentials = new(time);
    private readonly OutageGate _request = new(time);
    private readonly FloodGate _untrusted = new(time);
    private readonly FloodGate _unsupported = new(time);
    private readonly FloodGate _odd = new(time);
    private readonly OutageGate _unexplained = new(time);
    private int _inactive;
    private volatile bool _hasSeenActive;

    public void Asked(bool wasKnown) =>
        telemetry.CacheRequests.Add(1, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Outcome, wasKnown ? "hit" : "miss"));

    public long QuestionStarted() => time.GetTimestamp();

    public void QuestionCompleted(long startedAt) =>
        telemetry.Duration.Record(
            time.GetElapsedTime(startedAt).TotalSeconds, new KeyValuePair<string, object?>(JwksTagNames.Scheme, scheme));

    public void Answered(string outcome, bool isActive)
    {
        telemetry.Introspections.Add(1, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Outcome, outcome));
        if (isActive)
            _hasSeenActive = true;
        else if (outcome == Inactive && !_hasSeenActive && Interlocked.Increment(ref _inactive) == FirstTokens)
            telemetry.Logger.IntrospectionNeverActive(scheme, FirstTokens);
    }

    public void Judged()
    {
        _unreachable.TryEnd(Quiet, out var failures);
        _credentials.TryEnd(Quiet, out var refusedCredentials);
        _request.TryEnd(Quiet, out var refusedRequests);
        _unexplained.TryEnd(Quiet, out var unexplained);
        if (failures + refusedCredentials + refusedRequests + unexplained is > 0 and var all)
            telemetry.Logger.IntrospectionRecovered(scheme, all);
    }

    public void Unreachable(string error)
    {
        if (_unreachable.TryTell(isGrave: true, out var count))
            telemetry.Logger.IntrospectionUnreachable(scheme, count, error);
    }

    public void CredentialsRefused(string error)
    {
        if (_credentials.TryTell(isGrave: true, out var count))
            telemetry.Logger.IntrospectionCredentialsRefused(scheme, count, error);
    }

    public void RequestRefused(string error)
    {
        if (_request.TryTell(isGrave: true, out var count))
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
        if (_unexplained.TryTell(isGrave: true, out var count))
            telemetry.Logger.IntrospectionRefusedWithoutReason(scheme, count, error);
    }

    public void TokenTypeUnsupported()
    {
        if (_unsupported.TryPass(out var count))
            telemetry.Logger.IntrospectionTokenTypeUnsupported(scheme, count);
    }
}
