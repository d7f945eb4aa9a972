
using JwksAuth.Requests;

namespace JwksAuth.Operations.Status.Page;

/// <summary>The part of the page about one scheme: what is missing, its keys from configuration, and the tokens that it refused. Nothing when there is none of these.</summary>
internal static class SchemeSection
{
    public static void Add(HtmlBuilder html, SchemeReport scheme, DateTimeOffset now)
    {
        if (scheme.Faults.Count + scheme.FixedKeys.Count + scheme.RefusedTokens.Count == 0)
            return;

        var state = scheme.Faults.Count == 0 ? "fresh" : "expired";
        html.Add($"""<article class="{state}"><h2><span class="badge">{(scheme.Faults.Count == 0 ? "Configured" : "Not configured")}</span> Scheme {scheme.Scheme}</h2>""");
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
            html.Add($"""<p>Refused tokens since the start: {string.Join(", ", scheme.RefusedTokens.Select(reason => $"{reason.Value} {reason.Key}"))}</p>""");

        html.Add($"</article>");
    }
}
