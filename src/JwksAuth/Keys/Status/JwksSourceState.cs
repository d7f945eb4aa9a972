namespace JwksAuth;

/// <summary>Whether a source of keys can be relied on.</summary>
public enum JwksSourceState
{
    /// <summary>No good answer yet: tokens of this issuer get 503.</summary>
    NotLoaded,

    /// <summary>The last fetch was good.</summary>
    Fresh,

    /// <summary>The last fetch failed; the keys known before are in force.</summary>
    Stale,

    /// <summary>The keys are older than <see cref="JwksBearerOptions.MaximumAge"/>: tokens of this issuer get 503.</summary>
    Expired,
}
