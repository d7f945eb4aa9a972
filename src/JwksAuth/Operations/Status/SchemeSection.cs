using JwksAuth.Diagnostics;

namespace JwksAuth.Operations;

/// <summary>The part of the page about one scheme: what is missing, and its keys from configuration. Nothing when there is neither.</summary>
internal static class SchemeSection
{
    public static void Add(HtmlBuilder html, SchemeReport scheme, DateTimeOffset now)
    {
        if (scheme.Faults.Count + scheme.FixedKeys.Count == 0)
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

        html.Add($"</article>");
    }
}
