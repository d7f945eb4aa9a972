namespace JwksAuth.Operations.Status.Page;

/// <summary>Sources beyond the number of sections on the page, one row each.</summary>
internal static class SourceTable
{
    public static void Add(HtmlBuilder html, IReadOnlyList<JwksSourceStatus> sources)
    {
        if (sources.Count == 0)
            return;

        html.Add($"""
            <article><h2>{sources.Count} more issuers</h2><p class="faint">The JSON of this page has all details of each.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="More issuers"><table>
            <thead><tr><th scope="col">Issuer</th><th scope="col">State</th><th scope="col">Keys</th>
            <th scope="col">Last successful fetch</th></tr></thead><tbody>
            """);
        foreach (var source in sources)
        {
            {
                html.Add($"""<tr><th scope="row">{source.Issuer ?? source.Address}</th><td>{SourceSection.StateName(source.State)}</td>""");
                html.Add($"""<td data-label="Keys">{source.Keys.Count}</td><td data-label="Last successful fetch">""");
            }
            if (source.LastGoodFetch is { } good)
                KeyTable.AddTime(html, good, source.ReadAt);
            else
                html.Add($"never");
            html.Add($"</td></tr>");
        }

        html.Add($"</tbody></table></div></article>");
    }
}
