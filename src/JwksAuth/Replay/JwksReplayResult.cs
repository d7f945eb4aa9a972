namespace JwksAuth;

/// <summary>The answer of an <see cref="IJwksReplayCache"/>.</summary>
public enum JwksReplayResult
{
    /// <summary>The token was new and is remembered now. Only this lets it pass.</summary>
    Added,

    /// <summary>The token was used before: its sender is at fault.</summary>
    Used,

    /// <summary>There is no room to remember the token, so it could be used again. The request is answered 503, and the sender may try again later.</summary>
    Full,
}
