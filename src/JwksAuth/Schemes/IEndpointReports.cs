namespace JwksAuth.Schemes;

/// <param name="Name">Its display name.</param>
/// <param name="Schemes">The authentication schemes whose tokens it accepts.</param>
/// <param name="ScopeSets">Alternative sets of scopes; a token needs all scopes of one set.</param>
internal sealed record OpenEndpoint(string Name, IReadOnlyList<string> Schemes, IReadOnlyList<IReadOnlyList<string>> ScopeSets)
{
    public string Scopes => string.Join(" or ", ScopeSets.Select(set => set.Count == 0 ? "any scope" : string.Join(' ', set)));
}

/// <summary>What the access rules report to operators.</summary>
internal interface IEndpointReports
{
    /// <summary>The endpoints that require a token, in the order of the routes.</summary>
    Task<IReadOnlyList<OpenEndpoint>> ReadAsync();
}
