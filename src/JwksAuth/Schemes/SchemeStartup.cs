using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JwksAuth.Schemes;

/// <summary>
/// Compiles the schemes of one kind when the host starts and fetches their keys ahead of the first request, without delaying the start,
/// unless the options require that. Only schemes with their own handler take part, because a test may replace it with one that needs no
/// keys. Follows changed options, so that they apply before the next request.
/// </summary>
internal abstract class SchemeStartup<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IEnumerable<string> names, Type handler, IOptionsMonitor<TOptions> options, IAuthenticationSchemeProvider handlers)
    : IHostedService, IDisposable
{
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);
    private IDisposable? _subscription;

    /// <exception cref="OptionsValidationException">A scheme that must be configured, or have its keys, at start-up is not.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var scheme in names)
        {
            if (IsFollowed(scheme, await handlers.GetSchemeAsync(scheme)))
                _followed.Add(scheme);
        }

        _subscription = options.OnChange((_, name) => FollowChange(name));
        foreach (var scheme in _followed)
            await StartAsync(scheme, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    /// <param name="scheme">The name.</param>
    /// <param name="added">The scheme of that name; null if there is none.</param>
    protected virtual bool IsFollowed(string scheme, AuthenticationScheme? added) => added?.HandlerType == handler;

    protected abstract Task StartAsync(string scheme, CancellationToken cancellationToken);

    /// <summary>Starts to fetch the keys of the scheme. Never faults: a failed fetch is part of the state of its source.</summary>
    protected abstract void Follow(string scheme);

    private void FollowChange(string? scheme)
    {
        if (scheme is not null && _followed.Contains(scheme))
            Follow(scheme);
    }
}
