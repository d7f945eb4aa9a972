namespace JwksAuth;

/// <summary>One use of something that may be used once.</summary>
public sealed class JwksReplayEntry
{
    /// <summary>What is used.</summary>
    public required JwksReplayKind Kind { get; init; }

    /// <summary>Identifies the token, with its kind and its sender: 43 characters of base64url.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// Identifies the sender, so that a cache can limit what each may use: the client, the key of a DPoP proof, or the OpenID provider. 43 characters of base64url.
    /// </summary>
    public required string Sender { get; init; }

    /// <summary>How long the token can be used again. A cache may forget it after that, not before.</summary>
    public required TimeSpan Lifetime { get; init; }
}
