namespace JwksAuth;

/// <summary>The answer of an <see cref="IJwksReplayCache"/>.</summary>
public enum JwksReplayResult
{
    /// <summary>The token was new and has been added. Only this result accepts it.</summary>
    Added,

    /// <summary>The token was used before and is refused.</summary>
    Used,

    /// <summary>The cache is full and cannot detect another use. The request is answered 503; the sender may try again later.</summary>
    Full,
}
