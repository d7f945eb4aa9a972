using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

/// <summary>
/// Compiles every scheme when the host starts, so that mistakes are named then, and fetches metadata and keys ahead of the first request
/// without holding the start up. Follows changed options, so that they apply before the next request.
/// </summary>
internal sealed class IntrospectionStartup(
    IntrospectionPlans plans, IOptions<IntrospectionSchemes> schemes, IOptionsMonitor<JwksIntrospectionOptions> options) : IHostedService, IDisposable
{
    private IDisposable? _subscription;

    /// <exception cref="OptionsValidationException">A scheme that must be configured at start-up is not.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = options.OnChange((_, name) => Follow(name));
        foreach (var scheme in schemes.Value.Names)
        {
            if (options.Get(scheme).RequireConfigurationAtStartup && plans.Of(scheme) is { IsConfigured: false } plan)
                throw new OptionsValidationException(scheme, typeof(JwksIntrospectionOptions), plan.Faults);
            Follow(scheme);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private void Follow(string? scheme)
    {
        // Never faults: a failed fetch is part of the source's state.
        if (scheme is not null && schemes.Value.Names.Contains(scheme))
            _ = plans.Of(scheme).Server?.Source?.StartAsync(CancellationToken.None);
    }
}
