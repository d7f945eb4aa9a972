using JwksAuth.Schemes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Access.Endpoints;

/// <summary>Lists the endpoints that require a token.</summary>
internal sealed class OpenEndpoints(IJwksEndpointInspector inspector, IServiceProvider services) : IEndpointReports
{
    public const string Nameless = "an endpoint without a name";

    public async Task<IReadOnlyList<OpenEndpoint>> ReadAsync()
    {
        var open = new List<OpenEndpoint>();

        // A worker that validates tokens has no endpoints.
        foreach (var endpoint in services.GetService<EndpointDataSource>()?.Endpoints ?? [])
        {
            var access = await inspector.InspectAsync(endpoint.Metadata);
            if (access.Schemes.Count > 0)
                open.Add(new OpenEndpoint(
                    endpoint.DisplayName ?? Nameless, [.. access.Schemes.Select(scheme => scheme.Name)], access.ScopeSets));
        }

        return open;
    }
}
