namespace JwksAuth.Operations.Status.Page;

internal static class SourceSection
{
    public static void Add(HtmlBuilder html, JwksSourceStatus source, string address)
    {
        html.Add($"""
            <article class="{StatusPage.Word(source.State)}">
            <div class="title"><h2><span class="badge">{StateName(source.State)}</span> {source.Issuer ?? source.Address}</h2>
            """);
        StatusPage.AddRefreshForm(html, address, source.Address, $"refresh-{source.Address}", "Refresh");
        html.Add($"</div>");
        if (source.LastError is not null)
            html.Add($"""<p class="why"><strong>Last error:</strong> {source.LastError}</p>""");
        AddFacts(html, source);
        TimelineChart.Add(html, source);
        if (source.Keys.Count > 0)
        {
            var caption = source.State == JwksSourceState.Expired ? "Expired keys" : "Keys in use";
            KeyTable.Add(html, caption, source.Keys, source.ReadAt);
        }

        AddSkipped(html, source);
        AddCounters(html, source);
        FetchTable.Add(html, source);
        html.Add($"</article>");
    }

    public static string StateName(JwksSourceState state) => state == JwksSourceState.NotLoaded ? "No keys" : state.ToString();

    private static void AddFacts(HtmlBuilder html, JwksSourceStatus source)
    {
        html.Add($"""<dl class="facts"><div><dt>Last successful fetch</dt><dd>""");
        if (source.LastGoodFetch is { } good)
            KeyTable.AddTime(html, good, source.ReadAt);
        else
            html.Add($"never");
        html.Add($"""
            </dd></div>
            <div><dt>Next fetch</dt><dd>{Due(source.NextFetchIn)}</dd></div>
            <div><dt>Fetch for an unknown key</dt><dd>{Cooldown(source.CooldownEndsIn)}</dd></div>
            <div><dt>Keys expire</dt><dd>{Expiry(source)}</dd></div>
            <div><dt>Consecutive failures</dt><dd>{source.FailuresInARow}</dd></div>
            <div class="wide"><dt>Address</dt><dd>{source.Address}{(source.IsResolved ? " (named by the issuer resolver)" : "")}</dd></div>
            </dl>
            """);
    }

    private static string Due(TimeSpan? next) => next is { } left ? $"in {Wording.Of(left)}" : "in progress or not scheduled";

    private static string Cooldown(TimeSpan left) => left == TimeSpan.Zero ? "allowed now" : $"allowed in {Wording.Of(left)}";

    private static string Expiry(JwksSourceStatus source) => source switch
    {
        { State: JwksSourceState.NotLoaded } => "no keys yet",
        { State: JwksSourceState.Expired } => "expired",
        { ExpiresIn: { } left } => $"in {Wording.Of(left)}, unless a fetch succeeds first",
        _ => "never",
    };

    private static void AddSkipped(HtmlBuilder html, JwksSourceStatus source)
    {
        if (source.SkippedKeys.Count == 0)
            return;
        var reasons = source.SkippedKeys
            .OrderBy(skipped => skipped.Key, StringComparer.Ordinal)
            .Select(skipped => $"{skipped.Value} {skipped.Key.Replace('_', ' ')}");
        html.Add($"<p><strong>Published but not usable:</strong> {string.Join(", ", reasons)}.</p>");
    }

    private static void AddCounters(HtmlBuilder html, JwksSourceStatus source)
    {
        var counters = source.Counters;
        html.Add($"""
            <dl class="counters">
            <div><dt>Fetches since {Wording.Utc(source.OpenedAt)}</dt>
            <dd><b>{counters.Changed}</b> changed, <b>{counters.NotModified}</b> unchanged, <b>{counters.Failed}</b> failed</dd></div>
            <div><dt>Tokens with an unknown key</dt>
            <dd><b>{counters.UnknownKeysFetched}</b> caused a fetch, <b>{counters.UnknownKeysWaited}</b> waited,
            <b>{counters.UnknownKeysThrottled}</b> throttled, <b>{counters.UnknownKeysRefused}</b> rejected</dd></div>
            </dl>
            """);
    }
}
