namespace JwksAuth.Requests;

/// <summary>What an authenticated caller lacks, by the rules of the endpoint that they did not meet.</summary>
internal sealed class AccessDenial
{
    private readonly SortedSet<string> _scopes = new(StringComparer.Ordinal);

    /// <summary>The scopes that the request needs, of all rules that missed some; null if none did.</summary>
    public string? Scope => _scopes.Count == 0 ? null : string.Join(' ', _scopes);

    /// <summary>The authentication contexts of which one is needed (RFC 9470 section 3), separated by spaces; null for any.</summary>
    public string? AcrValues { get; set; }

    /// <summary>How many seconds ago the user may have authenticated (RFC 9470 section 3); null for any time.</summary>
    public long? MaximumAge { get; set; }

    /// <summary>Whether another authentication of the user would help, and nothing else is missing.</summary>
    public bool AsksForAuthentication => _scopes.Count == 0 && (AcrValues is not null || MaximumAge is not null);

    /// <summary>Whether the caller was authenticated by something that does not count here, such as a session cookie.</summary>
    public bool AsksForToken { get; set; }

    public void AddScopes(IEnumerable<string> scopes) => _scopes.UnionWith(scopes);
}
