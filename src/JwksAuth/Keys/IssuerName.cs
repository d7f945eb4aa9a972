namespace JwksAuth.Keys;

/// <summary>Compares issuer names: exactly for tokens, ignoring a trailing slash between metadata and configuration.</summary>
internal static class IssuerName
{
    public const string TenantPlaceholder = "{tenantid}";

    /// <summary>The name with and without a trailing slash.</summary>
    public static IEnumerable<string> FormsOf(string name) => name.EndsWith('/') ? [name, name[..^1], name + "/"] : [name, name + "/"];

    public static bool IsSame(string one, string other) => one == other || IsWithSlash(one, other) || IsWithSlash(other, one);

    public static bool IsTemplate(string name) => name.Contains(TenantPlaceholder, StringComparison.Ordinal);

    public static bool IsTemplateOf(string template, ReadOnlySpan<char> name)
    {
        var start = template.IndexOf(TenantPlaceholder, StringComparison.Ordinal);
        if (start < 0)
            return false;

        var before = template.AsSpan(0, start);
        var after = template.AsSpan(start + TenantPlaceholder.Length);
        return name.Length > before.Length + after.Length
            && name.StartsWith(before)
            && name.EndsWith(after)
            && name[before.Length..^after.Length].IndexOfAny("/?#{}") < 0;
    }

    /// <summary>The name for one tenant of a template, or the name itself if it is not a template; null if the tenant is unknown.</summary>
    public static string? Resolve(string? name, string? tenant) =>
        name is null || !IsTemplate(name) ? name
        : string.IsNullOrEmpty(tenant) ? null
        : name.Replace(TenantPlaceholder, tenant, StringComparison.Ordinal);

    private static bool IsWithSlash(string longer, string shorter) =>
        longer.Length == shorter.Length + 1 && longer[^1] == '/' && longer.StartsWith(shorter, StringComparison.Ordinal);
}
