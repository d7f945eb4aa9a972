using System.Globalization;
using JwksAuth.Jose.Encryption;
using JwksAuth.Schemes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JwksAuth.Operations.Health;

/// <summary>Judges key sources, schemes and the key ring from memory; the worst state wins.</summary>
/// <param name="keyRing">The API's own keys; null if the application has none.</param>
/// <param name="manager">The key sources; null if the application added the check but no scheme.</param>
internal sealed class JwksHealthCheck(
    IEnumerable<ISchemes> schemes, KeyRingInUse? keyRing = null, IJwksManager? manager = null) : IHealthCheck
{
    private const int MaximumComplaints = 10;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (manager is null && keyRing is null)
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, "No scheme was added: call AddJwksBearer."));

        var findings = new List<Finding>();
        findings.AddRange(schemes.SelectMany(kind => kind.ReadReports()).Select(Judge));
        if (keyRing?.Ring is { } ring)
            findings.Add(Judge(ring));
        findings.AddRange((manager?.GetStatus() ?? []).Select(Judge));
        return Task.FromResult(Summarize(findings, context.Registration.FailureStatus));
    }

    private static HealthCheckResult Summarize(List<Finding> findings, HealthStatus failureStatus)
    {
        var data = findings
            .GroupBy(finding => finding.Subject, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key, group => (object)string.Join(" ", group.Select(finding => finding.Text)), StringComparer.Ordinal);
        var worst = findings.Select(finding => finding.Status).DefaultIfEmpty(HealthStatus.Healthy).Min();
        var complaints = findings.Where(finding => finding.Status != HealthStatus.Healthy).OrderBy(finding => finding.Status).ToList();
        var description = string.Join(" ", complaints.Take(MaximumComplaints).Select(finding => $"{finding.Subject}: {finding.Text}"));
        if (complaints.Count > MaximumComplaints)
            description += $" And {complaints.Count - MaximumComplaints} more.";
        return new HealthCheckResult(worst == HealthStatus.Unhealthy ? failureStatus : worst,
            complaints.Count == 0 ? "All keys are fresh." : description, data: data);
    }

    private static Finding Judge(SchemeReport scheme) => scheme.Faults.Count == 0
        ? new Finding($"scheme {scheme.Scheme}", HealthStatus.Healthy, "Configured.")
        : new Finding($"scheme {scheme.Scheme}", HealthStatus.Unhealthy, $"Misconfigured: {string.Join("; ", scheme.Faults)}.");

    private static Finding Judge(IKeyRing ring) => ring switch
    {
        { Faults.Count: 0 } => new Finding("key ring", HealthStatus.Healthy, "Configured."),
        { IsConfigured: true } => new Finding(
            "key ring", HealthStatus.Degraded, $"Not reloaded, the previous keys remain in use: {string.Join("; ", ring.Faults)}."),
        _ => new Finding("key ring", HealthStatus.Unhealthy, $"Misconfigured: {string.Join("; ", ring.Faults)}."),
    };

    private static Finding Judge(JwksSourceStatus source)
    {
        var (status, text) = source.State switch
        {
            JwksSourceState.Fresh => (HealthStatus.Healthy, $"Fresh: {Count(source)}, {Age(source)} old."),
            JwksSourceState.Stale => (HealthStatus.Degraded, $"Stale: {Count(source)}, {Age(source)} old. {source.LastError}"),
            JwksSourceState.Expired => (HealthStatus.Unhealthy, $"Expired: the keys are {Age(source)} old. {source.LastError}"),
            _ => (HealthStatus.Unhealthy, $"NotLoaded: no successful fetch yet. {source.LastError}".TrimEnd()),
        };

        // Senders of tokens decide which issuers a resolver names; an unreachable one must not take the replica out of service.
        if (source.IsResolved && status == HealthStatus.Unhealthy)
            status = HealthStatus.Degraded;
        return new Finding(source.Issuer ?? source.Address, status, text);
    }

    private static string Count(JwksSourceStatus source) =>
        source.IsMetadataAlone ? "metadata only, no keys needed" : source.Keys.Count == 1 ? "1 key" : $"{source.Keys.Count} keys";

    private static string Age(JwksSourceStatus source) =>
        TimeSpan.FromSeconds((long)source.Age!.Value.TotalSeconds).ToString("c", CultureInfo.InvariantCulture);

    private sealed record Finding(string Subject, HealthStatus Status, string Text);
}
