using JwksAuth.Requests;

namespace JwksAuth.Operations.Status.Report;

/// <summary>All that there is to show at one moment.</summary>
internal sealed record StatusReport(
    IReadOnlyList<SchemeReport> Schemes,
    KeyRingReport? KeyRing,
    IReadOnlyList<JwksSourceStatus> Sources,
    IReadOnlyList<OpenEndpoint> Endpoints,
    DateTimeOffset ReadAt)
{
    /// <summary>The replica: the first thing to know when only one of them fails.</summary>
    public string Instance { get; } = Environment.MachineName;

    public int Problems =>
        Sources.Count(source => source.State != JwksSourceState.Fresh)
        + Schemes.Count(scheme => scheme.Faults.Count > 0)
        + (KeyRing is { Faults.Count: > 0 } ? 1 : 0);
}

/// <summary>How the API's own keys stand.</summary>
/// <param name="Configured">Whether there are keys to work with.</param>
/// <param name="Faults">Why there are none, or why the last reload was not taken; empty if nothing is wrong.</param>
internal sealed record KeyRingReport(bool Configured, IReadOnlyList<string> Faults);
