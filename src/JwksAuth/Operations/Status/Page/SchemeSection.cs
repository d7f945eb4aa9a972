using JwksAuth.Schemes;

namespace JwksAuth.Operations.Status.Page;

/// <summary>The section about a scheme: its faults, configured keys and rejected tokens; omitted if it has none of these.</summary>
internal static class SchemeSection
{
    public static void Add(HtmlBuilder html, SchemeReport scheme, DateTimeOffset now)
    {
        if (scheme.Faults.Count + scheme.FixedKeys.Count + scheme.RefusedTokens.Count == 0)
            return;

        var state = scheme.Faults.Count == 0 ? "fresh" : "expired";
        var badge = scheme.Faults.Count == 0 ? "Configured" : "Misconfigured";
        html.Add($"""<article class="{state}"><h2><span class="badge">{badge}</span> Scheme {scheme.Scheme}</h2>""");
        if (scheme.Faults.Count > 0)
        {
            html.Add($"<ul>");
            foreach (var fault in scheme.Faults)
                html.Add($"<li>{fault}</li>");
            html.Add($"</ul>");
        }

        if (scheme.FixedKeys.Count > 0)
            KeyTable.Add(html, "Keys from configuration", scheme.FixedKeys, now);

        if (scheme.RefusedTokens.Count > 0)
        {
            var rejected = string.Join(", ", scheme.RefusedTokens.Select(reason => $"{reason.Value} {reason.Key}"));
            html.Add($"<p>Tokens rejected since the start: {rejected}</p>");
        }

        html.Add($"</article>");
    }
}
