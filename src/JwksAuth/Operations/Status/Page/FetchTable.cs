using JwksAuth.Foundation.Json;

namespace JwksAuth.Operations.Status.Page;

/// <summary>The last fetches of a source, and all its rotations.</summary>
internal static class FetchTable
{
    private const int ShownFetches = 20;

    public static void Add(HtmlBuilder html, JwksSourceStatus source)
    {
        if (source.Timeline.Count == 0)
            return;
        html.Add($"""
            <details id="history-{source.Address}"><summary>Last fetches and rotations</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Last fetches and rotations"><table class="history">
            <thead><tr><th scope="col">When</th><th scope="col">Why</th><th scope="col">Outcome</th>
            <th scope="col">Took</th><th scope="col">Keys</th></tr></thead><tbody>
            """);
        var rotations = source.Timeline.Where(fetch => fetch.Outcome == JwksRefreshOutcome.Changed);
        foreach (var fetch in source.Timeline.TakeLast(ShownFetches).Union(rotations).OrderByDescending(fetch => fetch.At))
            AddRow(html, fetch, source.ReadAt);
        html.Add($"</tbody></table></div></details>");
    }

    private static void AddRow(HtmlBuilder html, JwksFetchRecord fetch, DateTimeOffset now)
    {
        html.Add($"""<tr class="{fetch.Outcome.ToWord()}"><td>""");
        KeyTable.AddTime(html, fetch.At, now);
        html.Add($"</td><td>{fetch.Reason.ToWord()}</td><td>{fetch.Outcome.ToWord().Replace('_', ' ')}");
        html.Add($"{(fetch.Error is null ? "" : ": " + fetch.Error)}</td><td>{fetch.Duration.TotalMilliseconds:0} ms</td><td>");
        foreach (var keyId in fetch.AddedKeyIds)
            html.Add($"<code>+{keyId}</code> ");
        foreach (var keyId in fetch.RemovedKeyIds)
            html.Add($"<code>−{keyId}</code> ");
        html.Add($"</td></tr>");
    }
}
