namespace JwksAuth;

/// <summary>One use of a single-use token.</summary>
public sealed class JwksReplayEntry
{
    /// <summary>The kind of token.</summary>
    public required JwksReplayKind Kind { get; init; }

    /// <summary>Identifies the token together with its kind and sender; 43 characters of base64url.</summary>
    public required string Key { get; init; }

    /// <summary>Identifies the sender (client, DPoP key or OpenID provider) for limits per sender; 43 characters of base64url.</summary>
    public required string Sender { get; init; }

    /// <summary>How long the token remains valid. A cache must keep it for that long.</summary>
    public required TimeSpan Lifetime { get; init; }
}
