using Microsoft.AspNetCore.Http;

namespace JwksAuth.Requests;

/// <summary>
/// What the authorization of an endpoint came to: a feature of the request. Only the evaluation of the endpoint sets it; a question that the endpoint's own
/// code asks of <c>IAuthorizationService</c> leaves no trace.
/// </summary>
/// <param name="endpoint">The endpoint; a request that is executed again goes to another one.</param>
internal sealed class EndpointVerdict(Endpoint? endpoint)
{
    private SortedSet<string>? _scopes;

    public IEnumerable<string> RequiredScopes => _scopes ?? [];

    /// <summary>The scopes that the endpoint's rules name; null if none does.</summary>
    public string? RequiredScope => _scopes is { Count: > 0 } scopes ? string.Join(' ', scopes) : null;

    /// <summary>What the caller lacks; null if the last rules let them in, or did not get to know them.</summary>
    public AccessDenial? Denial { get; set; }

    /// <summary>The verdict on the endpoint that the request is at; null before the first.</summary>
    public static EndpointVerdict? Of(HttpContext context) => context.Features.Get<EndpointVerdict>() is { } verdict && verdict.IsOn(context) ? verdict : null;

    public void AddScopes(IEnumerable<string> scopes) => (_scopes ??= new(StringComparer.Ordinal)).UnionWith(scopes);

    private bool IsOn(HttpContext context) => endpoint == context.GetEndpoint();
}
