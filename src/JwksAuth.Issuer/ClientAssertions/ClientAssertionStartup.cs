using Microsoft.Extensions.Hosting;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>Compiles the options at start-up, so that mistakes are logged before the first request.</summary>
internal sealed class ClientAssertionStartup(AssertionPlans plans) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = plans.Current;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
