namespace JwksAuth.Keys;

/// <summary>
/// Compares the names of issuers. A token's issuer is always compared exactly. Metadata may differ from configuration by one slash at the
/// end, because authorities are often configured without it.
/// </summary>
internal static class IssuerName
{
    /// <summary>What an issuer with many tenants writes where the name of each tenant has the tenant's own identifier.</summary>
    public const string TenantPlaceholder = "{tenantid}";

    /// <summary>The name, and the name with one slash more or less.</summary>
    public static IEnumerable<string> FormsOf(string name) => name.EndsWith('/') ? [name, name[..^1], name + "/"] : [name, name + "/"];

    /// <summary>Whether two names are the same but for one slash at the end.</summary>
    public static bool IsSame(string one, string other) =>
        one == other || IsWithSlash(one, other) || IsWithSlash(other, one);

    public static bool IsTemplate(string name) => name.Contains(TenantPlaceholder, StringComparison.Ordinal);

    /// <summary>Whether a name with a placeholder stands for this one: then it is the name of one tenant.</summary>
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

    /// <summary>The name of one tenant by a template, or the name itself if it is no template; null if the tenant is not known.</summary>
    public static string? Resolve(string? name, string? tenant) =>
        name is null || !IsTemplate(name) ? name
        : string.IsNullOrEmpty(tenant) ? null
        : name.Replace(TenantPlaceholder, tenant, StringComparison.Ordinal);

    private static bool IsWithSlash(string longer, string shorter) =>
        longer.Length == shorter.Length + 1 && longer[^1] == '/' && longer.StartsWith(shorter, StringComparison.Ordinal);
}
