using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access.Endpoints;

/// <summary>Tells that a request met what an opening of its endpoint asks: a feature of the request.</summary>
/// <param name="Endpoint">The endpoint; a request that is executed again goes to another one.</param>
internal sealed record MetOpening(Endpoint? Endpoint)
{
    public static bool IsOn(HttpContext request) =>
        request.Features.Get<MetOpening>() is { Endpoint: { } endpoint } && endpoint == request.GetEndpoint();
}
