namespace JwksAuth.Operations;

/// <summary>The status as a page: what is wrong comes first. The script of the page only puts a newer page in place of an older one.</summary>
internal static class StatusPage
{
    /// <param name="report">What to show.</param>
    /// <param name="address">The address of the page, escaped as a URL.</param>
    /// <param name="refresh">What a refresh has just changed; null when none was asked for.</param>
    public static string Render(StatusReport report, string address, IReadOnlyList<JwksRefreshResult>? refresh)
    {
        var html = new HtmlBuilder();
        var problems = report.Sources.Count(source => source.State != JwksSourceState.Fresh) + report.Schemes.Count(scheme => scheme.Faults.Count > 0);
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
            <p id="connection" role="status">Shown as it was when the page was loaded.</p>
            </header>
            <main>
            """);
        AddResults(html, refresh);
        html.Add($"""<div id="live">""");
        AddSummary(html, report, address);
        foreach (var scheme in report.Schemes)
            SchemeSection.Add(html, scheme);
        foreach (var source in report.Sources.OrderByDescending(source => Severity(source.State)))
            SourceSection.Add(html, source, address);
        html.Add($"</div></main></body></html>");
        return html.ToString();
    }

    private static void AddSummary(HtmlBuilder html, StatusReport report, string address)
    {
        var unwell = report.Sources.Where(source => source.State != JwksSourceState.Fresh).OrderByDescending(source => Severity(source.State)).ToList();
        var faulty = report.Schemes.Where(scheme => scheme.Faults.Count > 0).ToList();
        html.Add($"""<section class="summary {(faulty.Count > 0 ? "expired" : Word(unwell.FirstOrDefault()?.State ?? JwksSourceState.Fresh))}"><div>""");
        if (unwell.Count + faulty.Count == 0)
            html.Add($"<p><strong>{AllIsWell(report)}</strong></p>");
        foreach (var scheme in faulty)
            html.Add($"<p><strong>Scheme {scheme.Scheme}</strong> is not configured: its tokens get 503.</p>");
        foreach (var source in unwell)
            html.Add($"<p><strong>{source.Issuer ?? source.Address}</strong> {Complaint(source)} {source.LastError}</p>");
        html.Add($"</div>");
        if (report.Sources.Count > 0)
            AddRefreshForm(html, address, issuer: "", "refresh-all", "Refresh all");
        html.Add($"</section>");
    }

    public static void AddRefreshForm(HtmlBuilder html, string address, string issuer, string id, string label) => html.Add($"""
        <form method="post" action="{address}/refresh"><input type="hidden" name="issuer" value="{issuer}"><button id="{id}">{label}</button></form>
        """);

    public static string Word(JwksSourceState state) => state switch
    {
        JwksSourceState.Fresh => "fresh",
        JwksSourceState.Stale => "stale",
        JwksSourceState.Expired => "expired",
        _ => "not-loaded",
    };

    private static string AllIsWell(StatusReport report) => report.Sources.Count switch
    {
        0 => "All keys come from configuration: there is nothing to fetch.",
        1 => "The keys are fresh.",
        var count => $"The keys of all {count} issuers are fresh.",
    };

    private static string Complaint(JwksSourceStatus source)
    {
        var since = source.FailingSince is { } start ? $" since {Wording.Utc(start)} ({Wording.Of(source.ReadAt - start)})" : "";
        return source.State switch
        {
            JwksSourceState.Stale when source.ExpiresIn is { } left => $"fails{since}. The keys known before are in force for another {Wording.Of(left)}.",
            JwksSourceState.Stale => $"fails{since}. The keys known before are in force.",
            JwksSourceState.Expired => $"fails{since}. Its keys are too old: its tokens get 503.",
            _ => $"has no keys{(since.Length == 0 ? " yet" : since)}: its tokens get 503.",
        };
    }

    private static int Severity(JwksSourceState state) => state switch
    {
        JwksSourceState.Fresh => 0,
        JwksSourceState.Stale => 1,
        _ => 2,
    };

    private static void AddResults(HtmlBuilder html, IReadOnlyList<JwksRefreshResult>? results)
    {
        html.Add($"""<section id="result" role="status" aria-live="polite">""");
        foreach (var result in results ?? [])
        {
            var (mark, text) = result.Outcome switch
            {
                JwksRefreshOutcome.Failed => ("expired", "failed"),
                JwksRefreshOutcome.Changed => ("fresh", "changed"),
                _ => ("fresh", "not modified"),
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
