using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Remote;

namespace JwksAuth.Operations.Status.Page;

/// <summary>Draws the last fetches on a time line: bands of success and failure, marks for fetches and rotations, in percent.</summary>
internal static class TimelineChart
{
    private static readonly TimeSpan[] Spans =
    [
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
        TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1),
    ];

    public static void Add(HtmlBuilder html, JwksSourceStatus source)
    {
        if (source.Timeline.Count == 0)
            return;

        // The few older rotations that are kept appear only in the table: drawn to scale they would squeeze everything else.
        var latest = source.Timeline.TakeLast(FetchTimeline.MaximumFetches).ToList();
        var span = Spans.FirstOrDefault(candidate => candidate >= source.ReadAt - latest[0].At, Spans[^1]);
        var axis = new Axis(source.ReadAt, span);
        html.Add($"""
            <figure><svg class="timeline" role="img" aria-label="{Describe(latest, span)}">
            """);
        AddBands(html, latest, axis);
        foreach (var fetch in latest.Where(fetch => axis.Shows(fetch.At)))
            AddMark(html, fetch, axis.Of(fetch.At));
        AddLabels(html, span);
        html.Add($"""
            </svg><figcaption><span class="key not_modified">no change</span>
            <span class="key changed">rotation</span> <span class="key failed">failure</span></figcaption></figure>
            """);
    }

    private static string Describe(List<JwksFetchRecord> fetches, TimeSpan span)
    {
        var failed = fetches.Count(fetch => fetch.Outcome == JwksRefreshOutcome.Failed);
        var changed = fetches.Count(fetch => fetch.Outcome == JwksRefreshOutcome.Changed);
        return $"The last {Wording.Of(span)}: {fetches.Count} fetches, {failed} failed, {changed} with new keys.";
    }

    private static void AddBands(HtmlBuilder html, List<JwksFetchRecord> fetches, Axis axis)
    {
        for (var index = 0; index < fetches.Count; index++)
        {
            var from = axis.Of(fetches[index].At);
            var to = index + 1 < fetches.Count ? axis.Of(fetches[index + 1].At) : 100;
            var state = fetches[index].Outcome == JwksRefreshOutcome.Failed ? "failed" : "good";
            if (to > from)
                html.Add($"""<rect class="band {state}" x="{from:0.##}%" width="{to - from:0.##}%" y="22" height="14"/>""");
        }
    }

    private static void AddMark(HtmlBuilder html, JwksFetchRecord fetch, double x)
    {
        html.Add($"""<g class="{fetch.Outcome.ToWord()}"><title>{Wording.Utc(fetch.At)}: """);
        html.Add($"{fetch.Outcome.ToWord().Replace('_', ' ')} ({fetch.Reason.ToWord()}) {fetch.Error}</title>");
        if (fetch.Outcome == JwksRefreshOutcome.Changed)
            html.Add($"""<line x1="{x:0.##}%" x2="{x:0.##}%" y1="12" y2="40"/><circle cx="{x:0.##}%" cy="10" r="5"/>""");
        else if (fetch.Outcome == JwksRefreshOutcome.Failed)
            html.Add($"""<line x1="{x:0.##}%" x2="{x:0.##}%" y1="16" y2="42"/>""");
        else
            html.Add($"""<line x1="{x:0.##}%" x2="{x:0.##}%" y1="25" y2="33"/>""");
        html.Add($"</g>");
    }

    private static void AddLabels(HtmlBuilder html, TimeSpan span) => html.Add($"""
        <text class="label" x="0" y="58">{Wording.Of(span)} ago</text>
        <text class="label middle" x="50%" y="58">{Wording.Of(span / 2)} ago</text><text class="label end" x="100%" y="58">now</text>
        """);

    private readonly record struct Axis(DateTimeOffset Now, TimeSpan Span)
    {
        public bool Shows(DateTimeOffset time) => time >= Now - Span;

        public double Of(DateTimeOffset time) => Math.Clamp(100 - ((Now - time) / Span * 100), 0, 100);
    }
}
