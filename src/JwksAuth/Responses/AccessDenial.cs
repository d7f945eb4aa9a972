namespace JwksAuth.Responses;

/// <summary>What an authenticated caller is missing: the rules of the endpoint that were not met.</summary>
internal sealed class AccessDenial
{
    private readonly SortedSet<string> _scopes = new(StringComparer.Ordinal);

    /// <summary>The scopes of all rules that were not met, separated by spaces; null if no scope is missing.</summary>
    public string? Scope => _scopes.Count == 0 ? null : string.Join(' ', _scopes);

    /// <summary>The authentication contexts, one of which is required (RFC 9470 section 3), separated by spaces; null for any.</summary>
    public string? AcrValues { get; set; }

    /// <summary>The maximum age of the user's authentication, in seconds (RFC 9470 section 3); null for any age.</summary>
    public long? MaximumAge { get; set; }

    /// <summary>Whether only another authentication of the user is missing.</summary>
    public bool AsksForAuthentication => _scopes.Count == 0 && (AcrValues is not null || MaximumAge is not null);

    /// <summary>Whether the caller authenticated with something that does not count here, such as a session cookie.</summary>
    public bool AsksForToken { get; set; }

    public void AddScopes(IEnumerable<string> scopes) => _scopes.UnionWith(scopes);
}
