using System.Globalization;
using JwksAuth.Jose.Encryption;
using JwksAuth.Requests;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JwksAuth.Operations.Health;

/// <summary>Judges key sources, schemes and the key ring by what is in memory. The worst of them is the state of all.</summary>
/// <param name="schemes">How the schemes are set up.</param>
/// <param name="keyRing">The API's own keys, if it works with them; null in an application without them.</param>
/// <param name="manager">The sources; null in an application that added the check and no scheme.</param>
internal sealed class JwksHealthCheck(IEnumerable<ISchemes> schemes, KeyRingInUse? keyRing = null, IJwksManager? manager = null) : IHealthCheck
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
            .ToDictionary(group => group.Key, group => (object)string.Join(" ", group.Select(finding => finding.Text)), StringComparer.Ordinal);
        var worst = findings.Select(finding => finding.Status).DefaultIfEmpty(HealthStatus.Healthy).Min();
        var complaints = findings.Where(finding => finding.Status != HealthStatus.Healthy).OrderBy(finding => finding.Status).ToList();
        var description = string.Join(" ", complaints.Take(MaximumComplaints).Select(finding => $"{finding.Subject}: {finding.Text}"));
        if (complaints.Count > MaximumComplaints)
            description += $" And {complaints.Count - MaximumComplaints} more.";
        return new HealthCheckResult(worst == HealthStatus.Unhealthy ? failureStatus : worst, complaints.Count == 0 ? "All keys are fresh." : description, data: data);
    }

    private static Finding Judge(SchemeReport scheme) => scheme.Faults.Count == 0
        ? new Finding($"scheme {scheme.Scheme}", HealthStatus.Healthy, "Configured.")
        : new Finding($"scheme {scheme.Scheme}", HealthStatus.Unhealthy, $"Not configured: {string.Join("; ", scheme.Faults)}.");

    private static Finding Judge(IKeyRing ring) => ring switch
    {
        { Faults.Count: 0 } => new Finding("key ring", HealthStatus.Healthy, "Configured."),
        { IsConfigured: true } => new Finding("key ring", HealthStatus.Degraded, $"Not reloaded, the keys known before are in force: {string.Join("; ", ring.Faults)}."),
        _ => new Finding("key ring", HealthStatus.Unhealthy, $"Not configured: {string.Join("; ", ring.Faults)}."),
    };

    private static Finding Judge(JwksSourceStatus source)
    {
        var (status, text) = source.State switch
        {
            JwksSourceState.Fresh => (HealthStatus.Healthy, $"Fresh: {Count(source)}, {Age(source)} old."),
            JwksSourceState.Stale => (HealthStatus.Degraded, $"Stale: {Count(source)}, {Age(source)} old. {source.LastError}"),
            JwksSourceState.Expired => (HealthStatus.Unhealthy, $"Expired: the keys are {Age(source)} old. {source.LastError}"),
            _ => (HealthStatus.Unhealthy, $"NotLoaded: no good fetch yet. {source.LastError}".TrimEnd()),
        };

        // Whoever sends tokens decides which issuers a resolver names: a dead one must not take the replica out of service.
        if (source.IsResolved && status == HealthStatus.Unhealthy)
            status = HealthStatus.Degraded;
        return new Finding(source.Issuer ?? source.Address, status, text);
    }

    private static string Count(JwksSourceStatus source) => source.IsMetadataAlone ? "metadata, no key is needed" : source.Keys.Count == 1 ? "1 key" : $"{source.Keys.Count} keys";

    private static string Age(JwksSourceStatus source) => TimeSpan.FromSeconds((long)source.Age!.Value.TotalSeconds).ToString("c", CultureInfo.InvariantCulture);

    private sealed record Finding(string Subject, HealthStatus Status, string Text);
}
