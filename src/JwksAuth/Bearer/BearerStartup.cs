using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>
/// Compiles every scheme when the host starts and fetches its keys ahead of the first request, without holding the start up, unless
/// the options ask for that. Follows changed options, so that they apply before the next request.
/// </summary>
internal sealed class BearerStartup(
    BearerPlans plans, IOptions<JwksSchemes> schemes, IOptionsMonitor<JwtBearerOptions> options, IAuthenticationSchemeProvider handlers)
    : IHostedService, IDisposable
{
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);
    private IDisposable? _subscription;

    /// <exception cref="OptionsValidationException">A scheme that must be configured, or have its keys, at start-up is not.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var scheme in schemes.Value.Names)
        {
            // A test may have given the scheme a handler of its own, which needs no keys.
            if (await handlers.GetSchemeAsync(scheme) is not { } added || added.HandlerType == typeof(JwksBearerHandler))
                _followed.Add(scheme);
        }

        _subscription = options.OnChange((_, name) => Follow(name));
        foreach (var scheme in _followed)
        {
            var plan = plans.Of(scheme);
            if (plan is { IsRequiredAtStartup: true, IsConfigured: false })
                throw new OptionsValidationException(scheme, typeof(JwksBearerOptions), plan.Faults);

            var fetches = plan.Sources.Select(source => source.StartAsync(cancellationToken)).ToList();
            if (plan.RequiresKeysAtStartup)
                await RequireKeysAsync(plan, fetches);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private static async Task RequireKeysAsync(BearerPlan plan, IEnumerable<Task> fetches)
    {
        await Task.WhenAll(fetches);
        var missing = plan.Sources.Where(source => !source.IsLoaded).Select(source => Describe(source.GetStatus()));

        // Another scheme that uses the same metadata may take what this one must refuse.
        string[] faults = [.. missing, .. plan.Issuers.All.Select(issuer => issuer.DescribeRefusal()).OfType<string>()];
        if (faults.Length > 0)
            throw new OptionsValidationException(plan.Scheme, typeof(JwksBearerOptions), faults);
    }

    private static string Describe(JwksSourceStatus status) => $"The keys of {status.Address} cannot be fetched: {status.LastError}";

    private void Follow(string? scheme)
    {
        if (scheme is null || !_followed.Contains(scheme))
            return;
        foreach (var source in plans.Of(scheme).Sources)
            _ = source.StartAsync(CancellationToken.None); // never faults: a failed fetch is part of the source's state
    }
}
