using JwksAuth.Schemes;

namespace JwksAuth.Operations.Status.Report;

/// <summary>A snapshot of everything that the status shows.</summary>
internal sealed record StatusReport(
    IReadOnlyList<SchemeReport> Schemes,
    KeyRingReport? KeyRing,
    IReadOnlyList<JwksSourceStatus> Sources,
    IReadOnlyList<OpenEndpoint> Endpoints,
    DateTimeOffset ReadAt)
{
    public string Instance { get; } = Environment.MachineName;

    public int Problems =>
        Sources.Count(source => source.State != JwksSourceState.Fresh)
        + Schemes.Count(scheme => scheme.Faults.Count > 0)
        + (KeyRing is { Faults.Count: > 0 } ? 1 : 0);
}

/// <param name="Faults">Why there are no keys, or why the last reload failed; empty without a fault.</param>
internal sealed record KeyRingReport(bool Configured, IReadOnlyList<string> Faults);
