using Microsoft.AspNetCore.Http;

namespace JwksAuth.Responses;

/// <summary>
/// The result of authorizing an endpoint, kept as a feature of the request. Only the evaluation of the endpoint's policy sets it; code of
/// the endpoint that calls <c>IAuthorizationService</c> does not.
/// </summary>
/// <param name="endpoint">The endpoint; a re-executed request has another one.</param>
internal sealed class EndpointVerdict(Endpoint? endpoint)
{
    private SortedSet<string>? _scopes;

    public IEnumerable<string> RequiredScopes => _scopes ?? [];

    /// <summary>The scopes that the endpoint's rules name, separated by spaces; null if there are none.</summary>
    public string? RequiredScope => _scopes is { Count: > 0 } scopes ? string.Join(' ', scopes) : null;

    /// <summary>What the caller is missing; null if the last evaluation let the caller in or found the caller anonymous.</summary>
    public AccessDenial? Denial { get; set; }

    /// <summary>The verdict on the current endpoint of the request; null before the first evaluation.</summary>
    public static EndpointVerdict? Of(HttpContext context) =>
        context.Features.Get<EndpointVerdict>() is { } verdict && verdict.IsOn(context) ? verdict : null;

    public void AddScopes(IEnumerable<string> scopes) => (_scopes ??= new(StringComparer.Ordinal)).UnionWith(scopes);

    private bool IsOn(HttpContext context) => endpoint == context.GetEndpoint();
}
