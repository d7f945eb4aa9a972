using System.Diagnostics;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Keys.Remote;

internal enum UnknownKeyDecision
{
    Fetched,
    Throttled,
    Waited,
}

/// <summary>The metrics, traces and logs of one key source.</summary>
internal sealed class SourceTelemetry(SourceInstruments instruments, string source, TimeProvider time) : IDisposable
{
    private const string Unconfirmed =
        "503 if they name the issuer that is configured, or named in its metadata, and with 401 if they name another";

    private readonly FloodGate _unknownKeys = new(time);
    private readonly OutageGate _outage = new(time);
    private readonly SourceCounters _counters = new();
    private readonly string _escaped = LogText.Escape(source);
    private volatile bool _isResolved;
    private volatile bool _isOutageTold;

    /// <summary>Whether the source was found at run time, so that its name is not the operator's.</summary>
    public bool IsResolved
    {
        get => _isResolved;
        set => _isResolved = value;
    }

    public string Tag => _isResolved ? JwksTagNames.ResolvedSource : source;

    private ILogger Logger => instruments.Telemetry.Logger;

    private string LogName => _isResolved ? _escaped : source;

    public JwksSourceCounters ReadCounters() => _counters.Read();

    /// <summary>Adds the source to the gauges until it is disposed.</summary>
    public void Observe(Func<KeySetReading?> read) => instruments.Observe(this, read);

    public void Dispose() => instruments.Remove(this);

    public Activity? FetchStarted(JwksFetchReason reason) =>
        instruments.Telemetry.Activities.StartActivity("jwksauth.fetch", ActivityKind.Client) is { } activity
            ? activity.SetTag(JwksTagNames.Source, Tag).SetTag(JwksTagNames.Reason, reason.ToWord())
            : null;

    /// <param name="span">The result of <see cref="FetchStarted"/>.</param>
    public void FetchCompleted(Activity? span, FetchSummary summary)
    {
        _counters.Add(summary.Outcome);
        var tags = new TagList { { JwksTagNames.Source, Tag }, { JwksTagNames.Outcome, summary.Outcome.ToWord() } };
        if (summary.ErrorType is not null)
            tags.Add(JwksTagNames.ErrorType, summary.ErrorType);
        instruments.FetchDuration.Record(summary.Duration.TotalSeconds, tags);
        tags.Add(JwksTagNames.Reason, summary.Reason.ToWord());
        instruments.Fetches.Add(1, tags);

        span?.SetTag(JwksTagNames.Outcome, summary.Outcome.ToWord());
        if (summary.ErrorType is not null)
            span?.SetTag(JwksTagNames.ErrorType, summary.ErrorType).SetStatus(ActivityStatusCode.Error, summary.Error);
        CountSkipped(summary);
        Log(summary);
    }

    public void UnknownKey(UnknownKeyDecision decision)
    {
        _counters.Add(decision);
        if (instruments.UnknownKeys.Enabled)
            instruments.UnknownKeys.Add(1, new TagList { { JwksTagNames.Source, Tag }, { JwksTagNames.Decision, decision.ToWord() } });
    }

    /// <summary>Reports a token with an unpublished key: junk, or an issuer that signs before it publishes.</summary>
    public void UnknownKeyRefused(string? keyId)
    {
        _counters.AddRefusedToken();
        if (_unknownKeys.TryPass(out var count))
            Logger.UnknownKeys(LogName, count, LogText.Escape(keyId));
    }

    public void FleetDoesNotAnswer(string errorType) => Logger.FleetUnavailable(LogName, errorType);

    public void FleetAnswersAgain() => Logger.FleetAvailable(LogName);

    public void FleetNotTold() => Logger.FleetNotTold(LogName);

    public void SharedKeysTaken(int count, int added, int removed) => Logger.SharedKeysTaken(LogName, count, added, removed);

    public void SharedKeysRefused(string errorType, string error) => Logger.SharedKeysRefused(LogName, errorType, error);

    public void SharedKeysWithdrawn() => Logger.SharedKeysWithdrawn(LogName);

    private void CountSkipped(FetchSummary summary)
    {
        foreach (var (_, reason) in summary.Skipped)
            instruments.SkippedKeys.Add(1, new TagList { { JwksTagNames.Source, Tag }, { JwksTagNames.Reason, reason } });
    }

    private void Log(FetchSummary summary)
    {
        if (summary.Error is not null)
            LogFailure(summary, summary.Error);
        else if (_outage.TryEnd(TimeSpan.Zero, out var failures) && _isOutageTold)
            Logger.FetchRecovered(LogName, failures);

        if (summary.Outcome == JwksRefreshOutcome.Changed)
            Logger.KeysChanged(LogName, summary.KeysInForce, summary.Added, summary.Removed);
        if (summary.Skipped is [var first, ..])
        {
            var reasons = string.Join(", ", summary.Skipped.Select(key => key.Reason).Distinct());
            Logger.KeysSkipped(LogName, summary.Skipped.Count, reasons, LogText.Escape(first.KeyId));
        }
    }

    private void LogFailure(FetchSummary summary, string error)
    {
        if (!_outage.TryTell(isGrave: summary.KeysInForce == 0, out var failures))
            return;

        // Senders of tokens determine how many such issuers there are, so one rate limit covers all of them.
        long count = 0;
        _isOutageTold = !_isResolved || instruments.ResolvedOutages(time).TryPass(out count);
        if (_isResolved && _isOutageTold)
            Logger.ResolvedIssuersFail(count, LogName, summary.ErrorType!, error);
        else if (!_isResolved && summary.KeysInForce > 0)
            Logger.FetchFailed(LogName, summary.ErrorType!, failures, error);
        else if (!_isResolved)
            Logger.NoKeys(LogName, summary.ErrorType!, failures, error, summary.IsIssuerConfirmed ? "503" : Unconfirmed);
    }
}
