using System.Diagnostics;

namespace JwksAuth.Diagnostics;

/// <summary>Why a fetch was made.</summary>
internal enum FetchReason
{
    Start,
    Schedule,
    Token,
    Operator,
}

/// <summary>What was done about a token whose key is not known.</summary>
internal enum UnknownKeyDecision
{
    Fetched,
    Throttled,
    Waited,
}

/// <summary>What one source of keys reports.</summary>
internal sealed class SourceTelemetry(JwksTelemetry telemetry, string source, TimeProvider time)
{
    private readonly FloodGate _unknownKeys = new(time);

    public Activity? FetchStarted(FetchReason reason) =>
        telemetry.Activities.StartActivity("jwksauth.fetch", ActivityKind.Client) is { } activity
            ? activity.SetTag("jwksauth.source", source).SetTag("jwksauth.reason", reason.ToString())
            : null;

    /// <param name="span">What <see cref="FetchStarted"/> returned.</param>
    /// <param name="outcome">A fixed word: what came of the fetch.</param>
    /// <param name="error">The failure in words; null for a good fetch.</param>
    /// <param name="duration">How long it took.</param>
    public void FetchCompleted(Activity? span, string outcome, string? error, TimeSpan duration)
    {
        var tags = new TagList { { "jwksauth.source", source }, { "jwksauth.outcome", outcome } };
        telemetry.Fetches.Add(1, tags);
        telemetry.FetchDuration.Record(duration.TotalSeconds, tags);
        span?.SetTag("jwksauth.outcome", outcome).SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error);
        if (error is not null)
            telemetry.Logger.FetchFailed(source, outcome, error);
    }

    public void KeysChanged(int count, int added, int removed) => telemetry.Logger.KeysChanged(source, count, added, removed);

    public void KeySkipped(string? keyId, string reason)
    {
        telemetry.SkippedKeys.Add(1, new TagList { { "jwksauth.source", source }, { "jwksauth.reason", reason } });
        telemetry.Logger.KeySkipped(source, LogText.Escape(keyId), reason);
    }

    public void UnknownKey(UnknownKeyDecision decision, string? keyId)
    {
        telemetry.UnknownKeys.Add(1, new TagList { { "jwksauth.source", source }, { "jwksauth.decision", decision.ToString() } });
        if (_unknownKeys.TryPass(out var count))
            telemetry.Logger.UnknownKeys(source, count, LogText.Escape(keyId));
    }
}
