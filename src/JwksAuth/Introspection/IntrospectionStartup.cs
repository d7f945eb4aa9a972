using JwksAuth.Introspection.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

/// <summary>
/// Compiles every scheme when the host starts, so that mistakes are named then, and fetches metadata and keys ahead of the first request
/// without holding the start up. Follows changed options, so that they apply before the next request.
/// </summary>
internal sealed class IntrospectionStartup(
    IntrospectionPlans plans, IOptions<IntrospectionSchemes> schemes, IOptionsMonitor<JwksIntrospectionOptions> options,
    IAuthenticationSchemeProvider handlers) : IHostedService, IDisposable
{
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);
    private IDisposable? _subscription;

    /// <exception cref="OptionsValidationException">A scheme that must be configured at start-up is not.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var scheme in schemes.Value.Names)
        {
            // A test may have given the scheme a handler of its own, which asks no server.
            if (await handlers.GetSchemeAsync(scheme) is { } added && added.HandlerType == typeof(JwksIntrospectionHandler))
                _followed.Add(scheme);
        }

        _subscription = options.OnChange((_, name) => Follow(name));
        foreach (var scheme in _followed)
        {
            if (options.Get(scheme).RequireConfigurationAtStartup && plans.Of(scheme) is { IsConfigured: false } plan)
                throw new OptionsValidationException(scheme, typeof(JwksIntrospectionOptions), plan.Faults);
            Follow(scheme);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private void Follow(string? scheme)
    {
        // Never faults: a failed fetch is part of the source's state.
        if (scheme is not null && _followed.Contains(scheme))
            _ = plans.Of(scheme).Server?.Source?.StartAsync(CancellationToken.None);
    }
}
