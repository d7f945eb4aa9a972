using JwksAuth.Diagnostics;

namespace JwksAuth.Operations;

/// <summary>All that there is to show at one moment.</summary>
internal sealed record StatusReport(IReadOnlyList<SchemeReport> Schemes, IReadOnlyList<JwksSourceStatus> Sources)
{
    /// <summary>The replica: the first thing to know when only one of them fails.</summary>
    public string Instance { get; } = Environment.MachineName;
}
