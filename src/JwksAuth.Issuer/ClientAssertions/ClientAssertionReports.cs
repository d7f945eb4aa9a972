using System.Diagnostics.Metrics;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using JwksAuth.Issuer.Diagnostics;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>Counts outcomes, and logs failures that clients did not cause, each once in 10 seconds.</summary>
internal sealed class ClientAssertionReports(JwksTelemetry telemetry, IMeterFactory meters, TimeProvider time)
{
    private readonly Counter<long> _assertions = meters.Create(JwksAuthDefaults.MeterName)
        .CreateCounter<long>(JwksMetricNames.ClientAssertions, "{assertion}", "Client assertions received, by outcome.");

    private readonly FloodGate _stores = new(time);

    public JwksClientAssertionResult Count(JwksClientAssertionResult result)
    {
        _assertions.Add(1, new KeyValuePair<string, object?>(JwksTagNames.Outcome, result.Failure?.ToWord() ?? "valid"));
        return result;
    }

    public void NotConfigured(string fault) => telemetry.Logger.ClientAssertionsNotConfigured(fault);

    public void StoreFailed(Exception exception)
    {
        if (_stores.TryPass(out var count))
            telemetry.Logger.ClientStoreFailed(count, exception);
    }
}
