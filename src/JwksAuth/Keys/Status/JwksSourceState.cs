namespace JwksAuth;

/// <summary>The state of a key source.</summary>
public enum JwksSourceState
{
    /// <summary>No successful fetch yet: requests with tokens of this issuer get 503.</summary>
    NotLoaded,

    /// <summary>The last fetch succeeded.</summary>
    Fresh,

    /// <summary>The last fetch failed; the previous keys remain in use.</summary>
    Stale,

    /// <summary>The keys are older than <see cref="JwksBearerOptions.MaximumAge"/>: requests with tokens of this issuer get 503.</summary>
    Expired,
}
