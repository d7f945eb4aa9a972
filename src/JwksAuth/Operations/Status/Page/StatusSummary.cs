using JwksAuth.Operations.Status.Report;

namespace JwksAuth.Operations.Status.Page;

/// <summary>The top of the page: each problem with its reason and duration, or that there is none.</summary>
internal static class StatusSummary
{
    private const int MaximumComplaints = 10;
    private const string Unavailable = "requests with its tokens are answered with 503.";

    public static void Add(HtmlBuilder html, StatusReport report, string address)
    {
        var unwell = report.Sources.Where(source => source.State != JwksSourceState.Fresh)
            .OrderByDescending(source => StatusPage.Severity(source.State)).ToList();
        html.Add($"""<section class="summary {Tone(report, unwell)}"><div>""");
        if (report.Problems == 0)
            html.Add($"<p><strong>{AllIsWell(report)}</strong></p>");
        foreach (var scheme in report.Schemes.Where(scheme => scheme.Faults.Count > 0))
            html.Add($"<p><strong>Scheme {scheme.Scheme}</strong> is misconfigured: every request is answered with 503.</p>");
        AddKeyRing(html, report.KeyRing);
        foreach (var source in unwell.Take(MaximumComplaints))
            html.Add($"<p><strong>{source.Issuer ?? source.Address}</strong> {Complaint(source)} {source.LastError}</p>");
        if (unwell.Count > MaximumComplaints)
            html.Add($"<p>… and {unwell.Count - MaximumComplaints} more issuers.</p>");
        html.Add($"</div>");
        if (report.Sources.Count > 0)
            StatusPage.AddRefreshForm(html, address, issuer: "", "refresh-all", "Refresh all");
        html.Add($"</section>");
    }

    private static string Tone(StatusReport report, List<JwksSourceStatus> unwell) => report switch
    {
        { KeyRing: { Configured: false, Faults.Count: > 0 } } => "expired",
        _ when report.Schemes.Any(scheme => scheme.Faults.Count > 0) => "expired",
        { KeyRing.Faults.Count: > 0 } when unwell.Count == 0 => "stale",
        _ => StatusPage.Word(unwell.FirstOrDefault()?.State ?? JwksSourceState.Fresh),
    };

    private static void AddKeyRing(HtmlBuilder html, KeyRingReport? keyRing)
    {
        if (keyRing is not { Faults.Count: > 0 })
            return;
        var meaning = keyRing.Configured
            ? "could not be reloaded and keeps its previous keys."
            : "is misconfigured: the published JWKS answers 503 and encrypted tokens cannot be decrypted.";
        html.Add($"<p><strong>The key ring</strong> {meaning} {string.Join("; ", keyRing.Faults)}.</p>");
    }

    private static string AllIsWell(StatusReport report) => report.Sources.Count switch
    {
        0 when report.Schemes.Any(scheme => scheme.FixedKeys.Count > 0) => "All keys come from configuration; nothing needs fetching.",
        0 => "No issuer's keys are in use; nothing needs fetching.",
        1 => "The keys are fresh.",
        var count => $"The keys of all {count} issuers are fresh.",
    };

    private static string Complaint(JwksSourceStatus source)
    {
        var since = source.FailingSince is { } start ? $" since {Wording.Utc(start)} ({Wording.Of(source.ReadAt - start)})" : "";
        return source.State switch
        {
            JwksSourceState.Stale when source.ExpiresIn is { } left =>
                $"has been failing{since}. The previous keys remain in use for another {Wording.Of(left)}.",
            JwksSourceState.Stale => $"has been failing{since}. The previous keys remain in use.",
            JwksSourceState.Expired => $"has been failing{since}. Its keys have expired: {Unavailable}",
            _ => $"has no keys{(since.Length == 0 ? " yet" : since)}: {Unavailable}",
        };
    }
}
