namespace JwksAuth.Operations.Status.Page;

internal static class KeyTable
{
    public static void Add(HtmlBuilder html, string caption, IReadOnlyList<JwksKeyStatus> keys, DateTimeOffset now)
    {
        html.Add($"""
            <div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table class="keys"><caption>{caption}</caption>
            <thead><tr><th scope="col">Key id</th><th scope="col">Type</th><th scope="col">Algorithms</th>
            <th scope="col">First seen</th><th scope="col">Last used</th></tr></thead><tbody>
            """);
        foreach (var key in keys.OrderByDescending(key => key.LastUsed ?? key.FirstSeen))
        {
            html.Add($"""<tr><th scope="row"><code>{key.KeyId ?? "(none)"}</code></th><td>{key.KeyType}</td>""");
            html.Add($"""<td>{string.Join(", ", key.Algorithms)}</td><td data-label="First seen">""");
            AddTime(html, key.FirstSeen, now);
            html.Add($"""</td><td data-label="Last used">""");
            if (key.LastUsed is { } used)
                AddTime(html, used, now);
            else
                html.Add($"""<span class="faint">never</span>""");
            html.Add($"</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    public static void AddTime(HtmlBuilder html, DateTimeOffset time, DateTimeOffset now) => html.Add($"""
        <time datetime="{time:O}" title="{Wording.Utc(time)}">{Wording.Ago(time, now)}</time>
        """);
}
