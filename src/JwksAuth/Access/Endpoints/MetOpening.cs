using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access.Endpoints;

/// <summary>Records, as a feature of the request, that it satisfied an <see cref="AllowAccessTokensAttribute"/> of its endpoint.</summary>
/// <param name="Endpoint">The endpoint; a re-executed request has another one.</param>
internal sealed record MetOpening(Endpoint? Endpoint)
{
    public static bool IsOn(HttpContext request) =>
        request.Features.Get<MetOpening>() is { Endpoint: { } endpoint } && endpoint == request.GetEndpoint();
}
