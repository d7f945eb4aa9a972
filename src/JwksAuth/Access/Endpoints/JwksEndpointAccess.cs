namespace JwksAuth;

/// <summary>Whom an endpoint lets in, as far as tokens are concerned.</summary>
public sealed class JwksEndpointAccess
{
    /// <summary>Whether everybody is let in, with a token or without.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The schemes of this package whose tokens are let in; empty where none is, or none is needed.</summary>
    public IReadOnlyList<JwksTokenScheme> Schemes { get; init; } = [];

    /// <summary>Sets of scopes: a token needs all of one of them. One empty set where no scope is asked for.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ScopeSets { get; init; } = [[]];

    /// <summary>Whether a caller with a good token may get 403: scopes, roles, claims or anything else is asked for beyond authentication.</summary>
    public bool MayForbid { get; init; }

    /// <summary>Whether a caller with a good token may get 401 <c>insufficient_user_authentication</c> (RFC 9470): how or when the user authenticated matters.</summary>
    public bool MayAskForAuthentication { get; init; }
}
