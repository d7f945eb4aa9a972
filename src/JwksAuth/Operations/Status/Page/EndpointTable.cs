using JwksAuth.Schemes;

namespace JwksAuth.Operations.Status.Page;

internal static class EndpointTable
{
    private const int MaximumRows = 100;

    public static void Add(HtmlBuilder html, IReadOnlyList<OpenEndpoint> endpoints)
    {
        if (endpoints.Count == 0)
            return;

        html.Add($"""
            <article><h2>Endpoints that require a token</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="Endpoints that require a token"><table id="endpoints">
            <thead><tr><th scope="col">Endpoint</th><th scope="col">Schemes</th><th scope="col">Scopes</th></tr></thead><tbody>
            """);
        foreach (var endpoint in endpoints.Take(MaximumRows))
        {
            html.Add($"""<tr><th scope="row">{endpoint.Name}</th><td data-label="Schemes">{string.Join(", ", endpoint.Schemes)}</td>""");
            html.Add($"""<td data-label="Scopes">{endpoint.Scopes}</td></tr>""");
        }

        html.Add($"</tbody></table></div>");
        if (endpoints.Count > MaximumRows)
            html.Add($"""<p class="faint">… and {endpoints.Count - MaximumRows} more; the JSON of this page lists all.</p>""");
        html.Add($"</article>");
    }
}
