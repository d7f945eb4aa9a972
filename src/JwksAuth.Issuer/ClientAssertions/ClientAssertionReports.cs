using System.Diagnostics.Metrics;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using JwksAuth.Issuer.Diagnostics;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>Counts what came of assertions, and tells the log what is not the clients' fault: failures once in 10 seconds each.</summary>
internal sealed class ClientAssertionReports(JwksTelemetry telemetry, IMeterFactory meters, TimeProvider time)
{
    private readonly Counter<long> _assertions = meters.Create(JwksAuthDefaults.MeterName)
        .CreateCounter<long>(JwksMetricNames.ClientAssertions, "{assertion}", "Attempts of clients to authenticate by an assertion, by outcome.");

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
