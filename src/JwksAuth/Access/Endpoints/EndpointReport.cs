using JwksAuth.Diagnostics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Access;

/// <summary>Tells the log, when the host has started, which endpoints are open to tokens; a rule that does not say what it means stops the host.</summary>
internal sealed class EndpointReport(TokenSchemes schemes, IEndpointReports reports, IServiceProvider services, ILoggerFactory loggers) : IHostedLifecycleService
{
    private const int MostNamed = 100;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="InvalidOperationException">The rules of an endpoint contradict each other, or name no scope and do not say so, or name no scheme that is there.</exception>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        // A worker that validates tokens has no endpoints.
        var endpoints = services.GetService<EndpointDataSource>()?.Endpoints ?? [];
        var known = SchemeNames.Of(services);
        if (endpoints.Select(endpoint => EndpointFaults.Find(endpoint, known)).FirstOrDefault(fault => fault is not null) is { } first)
            throw new InvalidOperationException(first);

        if (schemes.All.Any(profile => profile.RequiresEndpointOptIn) || endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<AllowResourceServerAttribute>() is not null))
            await ReportAsync(endpoints.Count);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ReportAsync(int count)
    {
        var open = await reports.ReadAsync();
        var named = string.Join("; ", open.Take(MostNamed).Select(endpoint => $"{endpoint.Name} ({endpoint.Scopes} by {string.Join(", ", endpoint.Schemes)})"));
        loggers.CreateLogger("JwksAuth").EndpointsOpened(string.Join(", ", schemes.Opened), open.Count, count, named);
    }
}
