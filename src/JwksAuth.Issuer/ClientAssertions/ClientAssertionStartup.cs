using Microsoft.Extensions.Hosting;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>Compiles the options when the host starts, so that the log tells of mistakes before the first client comes.</summary>
internal sealed class ClientAssertionStartup(AssertionPlans plans) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = plans.Current;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
