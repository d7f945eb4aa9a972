using JwksAuth.Diagnostics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Access;

/// <summary>Tells the log, when the host has started, which endpoints are open to tokens; an opening that says too little stops the host.</summary>
internal sealed class EndpointReport(TokenSchemes schemes, IServiceProvider services, ILoggerFactory loggers) : IHostedLifecycleService
{
    private const int MostNamed = 100;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="InvalidOperationException">An endpoint is opened without a scope, and does not say so by name.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // A worker that validates tokens has no endpoints.
        if (services.GetService<EndpointDataSource>() is { } source)
            Report(source.Endpoints);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Report(IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> endpoints)
    {
        var opened = (
            from endpoint in endpoints
            let openings = endpoint.Metadata.GetOrderedMetadata<AllowResourceServerAttribute>()
            where openings.Count > 0
            select (Name: endpoint.DisplayName ?? "an endpoint without a name", Openings: openings)).ToList();
        foreach (var (name, _) in opened.Where(endpoint => endpoint.Openings.Any(opening => !opening.IsComplete)))
            throw new InvalidOperationException($"{name} is open to access tokens without naming a scope: name one, or say so with AllowResourceServerWithoutScope() or WithoutScope = true.");

        var closed = schemes.All.Where(profile => profile.RequiresEndpointOptIn).Select(profile => profile.Scheme).ToList();
        if (closed.Count == 0 && opened.Count == 0)
            return;

        var named = string.Join("; ", opened.Take(MostNamed).Select(endpoint => $"{endpoint.Name} ({Describe(endpoint.Openings)})"));
        loggers.CreateLogger("JwksAuth").EndpointsOpened(string.Join(", ", schemes.Opened), opened.Count, endpoints.Count, named);
    }

    private static string Describe(IReadOnlyList<AllowResourceServerAttribute> openings) =>
        string.Join(", ", openings.Select(opening => (opening.WithoutScope ? "any scope" : string.Join(' ', opening.Scopes)) + (opening.Scheme is null ? "" : $" by {opening.Scheme}")));
}
