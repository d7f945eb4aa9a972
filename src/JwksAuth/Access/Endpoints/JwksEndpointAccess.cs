namespace JwksAuth;

/// <summary>Which callers an endpoint admits, with regard to tokens.</summary>
public sealed class JwksEndpointAccess
{
    /// <summary>Whether every caller is admitted, with or without a token.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The schemes of this package whose tokens are accepted; empty if no token is accepted, or none is needed.</summary>
    public IReadOnlyList<JwksTokenScheme> Schemes { get; init; } = [];

    /// <summary>Alternative sets of scopes; a token needs all scopes of one set. One empty set if no scope is required.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ScopeSets { get; init; } = [[]];

    /// <summary>Whether a valid token may get 403, because scopes, roles, claims or anything else is also required.</summary>
    public bool MayForbid { get; init; }

    /// <summary>
    /// Whether a caller with a valid token may get 401 <c>insufficient_user_authentication</c> (RFC 9470), because of how or when the user
    /// authenticated.
    /// </summary>
    public bool MayAskForAuthentication { get; init; }
}
