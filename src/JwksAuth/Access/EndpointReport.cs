using System.Collections.Concurrent;
using JwksAuth.Access.Callers;
using JwksAuth.Access.Endpoints;
using JwksAuth.Diagnostics;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace JwksAuth.Access;

/// <summary>Logs which endpoints accept tokens after the host has started; a faulty rule stops the host.</summary>
internal sealed class EndpointReport(
    TokenSchemes schemes, EndpointFaults faults, IEndpointReports reports, IServiceProvider services, ILoggerFactory loggers)
    : IHostedLifecycleService, IDisposable
{
    private const int MostNamed = 100;

    private readonly ILogger _logger = loggers.CreateLogger("JwksAuth");
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private IDisposable? _subscription;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="InvalidOperationException">A rule contradicts another, or names no scope or an unknown scheme.</exception>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        // A worker that validates tokens has no endpoints.
        var source = services.GetService<EndpointDataSource>();
        var endpoints = source?.Endpoints ?? [];
        var found = await FindFaultsAsync(endpoints);
        if (found.Count > 0)
            throw new InvalidOperationException(found[0]);
        if (source is not null)
            _subscription = ChangeToken.OnChange(source.GetChangeToken, () => _ = CheckAddedAsync(source));

        if (schemes.All.Any(profile => profile.RequiresEndpointOptIn)
            || endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<AllowAccessTokensAttribute>() is not null))
            await ReportAsync(endpoints.Count);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    // A faulty endpoint that is added later can no longer stop the host.
    private async Task CheckAddedAsync(EndpointDataSource source)
    {
        try
        {
            foreach (var fault in await FindFaultsAsync(source.Endpoints))
            {
                if (_told.TryAdd(fault, true))
                    _logger.EndpointFault(fault);
            }
        }
        catch (Exception exception)
        {
            _logger.EndpointFault(exception.Message);
        }
    }

    private async Task<List<string>> FindFaultsAsync(IReadOnlyList<Endpoint> endpoints)
    {
        var known = SchemeNames.Of(services);
        var found = new List<string>();
        foreach (var endpoint in endpoints)
        {
            if (await faults.FindAsync(endpoint, known) is { } fault)
                found.Add(fault);
        }

        if (faults.FindUnserved(endpoints) is { } unserved)
            found.Add(unserved);
        return found;
    }

    private async Task ReportAsync(int count)
    {
        var open = await reports.ReadAsync();
        var named = string.Join(
            "; ", open.Take(MostNamed).Select(endpoint => $"{endpoint.Name} ({endpoint.Scopes} by {string.Join(", ", endpoint.Schemes)})"));
        _logger.EndpointsOpened(string.Join(", ", schemes.Opened), open.Count, count, named);
    }
}
