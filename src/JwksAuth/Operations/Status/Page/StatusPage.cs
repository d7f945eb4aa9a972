using JwksAuth.Operations.Status.Report;

namespace JwksAuth.Operations.Status.Page;

/// <summary>Renders the status as HTML, problems first. The script of the page only replaces it with a newer version.</summary>
internal static class StatusPage
{
    // With hundreds of tenants the page would take megabytes every few seconds.
    private const int MaximumSections = 50;

    /// <param name="refresh">The results of a refresh to show; null for none.</param>
    public static string Render(StatusReport report, string address, IReadOnlyList<JwksRefreshResult>? refresh)
    {
        var html = new HtmlBuilder();
        var problems = report.Problems;
        html.Add($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{(problems == 0 ? "Keys fresh" : $"{problems} problem{(problems == 1 ? "" : "s")}")} – {report.Instance}</title>
            <link rel="stylesheet" href="{address}/status.css">
            <link rel="icon" href="{address}/status.svg" type="image/svg+xml">
            <script src="{address}/status.js" defer></script>
            </head>
            <body>
            <header>
            <div><h1>Verification keys</h1><p class="instance">{report.Instance}</p></div>
            <p id="connection">Shows the state at the time the page was loaded.</p>
            </header>
            <main>
            """);
        AddResults(html, refresh);
        html.Add($"""<div id="live">""");
        StatusSummary.Add(html, report, address);
        foreach (var scheme in report.Schemes)
            SchemeSection.Add(html, scheme, report.ReadAt);
        var sources = report.Sources.OrderByDescending(source => Severity(source.State)).ToList();
        foreach (var source in sources.Take(MaximumSections))
            SourceSection.Add(html, source, address);
        SourceTable.Add(html, [.. sources.Skip(MaximumSections)]);
        EndpointTable.Add(html, report.Endpoints);
        html.Add($"</div></main></body></html>");
        return html.ToString();
    }

    public static void AddRefreshForm(HtmlBuilder html, string address, string issuer, string id, string label) => html.Add($"""
        <form method="post" action="{address}/refresh"><input type="hidden" name="issuer" value="{issuer}">
        <button id="{id}">{label}</button></form>
        """);

    public static string Word(JwksSourceState state) => state switch
    {
        JwksSourceState.Fresh => "fresh",
        JwksSourceState.Stale => "stale",
        JwksSourceState.Expired => "expired",
        _ => "not-loaded",
    };

    public static int Severity(JwksSourceState state) => state switch
    {
        JwksSourceState.Fresh => 0,
        JwksSourceState.Stale => 1,
        _ => 2,
    };

    private static void AddResults(HtmlBuilder html, IReadOnlyList<JwksRefreshResult>? results)
    {
        html.Add($"""<section id="result" role="status" aria-live="polite">""");
        var shown = (results ?? []).OrderByDescending(result => result.Outcome == JwksRefreshOutcome.Failed).Take(MaximumSections);
        foreach (var result in shown)
        {
            var (mark, text) = result.Outcome switch
            {
                JwksRefreshOutcome.Failed => ("expired", "failed"),
                JwksRefreshOutcome.Changed => ("fresh", "changed"),
                _ => ("fresh", "unchanged"),
            };
            html.Add($"""<p class="{mark}"><strong>Refresh of {result.Issuer ?? result.Address}: {text}.</strong> {result.Error}""");
            AddKeyIds(html, "Added", result.AddedKeyIds);
            AddKeyIds(html, "Removed", result.RemovedKeyIds);
            AddKeyIds(html, "Kept", result.KeptKeyIds);
            html.Add($"</p>");
        }

        html.Add($"</section>");
    }

    private static void AddKeyIds(HtmlBuilder html, string label, IReadOnlyList<string> keyIds)
    {
        if (keyIds.Count == 0)
            return;
        html.Add($" {label}:");
        foreach (var keyId in keyIds)
            html.Add($" <code>{keyId}</code>");
        html.Add($".");
    }
}
