namespace JwksAuth.Requests;

/// <summary>An endpoint that tokens are let in to.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Schemes">The authentication schemes whose tokens are let in.</param>
/// <param name="ScopeSets">Sets of scopes: a token needs all of one of them.</param>
internal sealed record OpenEndpoint(string Name, IReadOnlyList<string> Schemes, IReadOnlyList<IReadOnlyList<string>> ScopeSets)
{
    /// <summary>The scopes in one text.</summary>
    public string Scopes => string.Join(" or ", ScopeSets.Select(set => set.Count == 0 ? "any scope" : string.Join(' ', set)));
}

/// <summary>What the rules of access tell operators.</summary>
internal interface IEndpointReports
{
    /// <summary>The endpoints that are open to tokens and to nobody without one, in the order of the routes.</summary>
    Task<IReadOnlyList<OpenEndpoint>> ReadAsync();
}
