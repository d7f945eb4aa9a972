namespace JwksAuth;

/// <summary>The instruments of the meter <see cref="JwksAuthDefaults.MeterName"/>, named by OpenTelemetry's conventions.</summary>
public static class JwksMetricNames
{
    /// <summary>Counter, <c>{fetch}</c>: fetches of key sets, by source, outcome, reason and, for failures, error type.</summary>
    public const string Fetches = "jwksauth.fetches";

    /// <summary>Histogram, seconds: duration of key set fetches, by source and outcome.</summary>
    public const string FetchDuration = "jwksauth.fetch.duration";

    /// <summary>Gauge, seconds: time since the last successful fetch, by source. Absent before the first one.</summary>
    public const string KeySetAge = "jwksauth.key_set.age";

    /// <summary>Gauge, <c>{key}</c>: keys in use, by source. Zero before the first successful fetch and after the keys expire.</summary>
    public const string KeySetSize = "jwksauth.key_set.size";

    /// <summary>Counter, <c>{token}</c>: tokens whose key was not in memory, by source and decision.</summary>
    public const string UnknownKeys = "jwksauth.unknown_keys";

    /// <summary>Counter, <c>{key}</c>: published keys that cannot be used, by source and reason.</summary>
    public const string SkippedKeys = "jwksauth.skipped_keys";

    /// <summary>Counter, <c>{check}</c>: keys tried on signatures, by scheme, algorithm and outcome. Cached tokens need no check.</summary>
    public const string SignatureChecks = "jwksauth.signature_checks";

    /// <summary>Counter, <c>{token}</c>: rejected tokens, by scheme and reason (<c>audience</c>, <c>expired</c> …).</summary>
    public const string RefusedTokens = "jwksauth.refused_tokens";

    /// <summary>Counter, <c>{token}</c>: lookups in the cache of validated tokens, by scheme and outcome.</summary>
    public const string TokenCacheRequests = "jwksauth.token_cache.requests";

    /// <summary>Counter, <c>{introspection}</c>: introspection requests, by scheme and outcome.</summary>
    public const string Introspections = "jwksauth.introspections";

    /// <summary>Histogram, seconds: duration of introspection requests, by scheme.</summary>
    public const string IntrospectionDuration = "jwksauth.introspection.duration";

    /// <summary>Counter, <c>{token}</c>: lookups in the cache of introspection responses, by scheme and outcome.</summary>
    public const string IntrospectionCacheRequests = "jwksauth.introspection_cache.requests";

    /// <summary>Counter, <c>{assertion}</c>: client assertions received, by outcome.</summary>
    public const string ClientAssertions = "jwksauth.client_assertions";

    /// <summary>Counter, <c>{use}</c>: uses of single-use tokens and proofs, by kind and outcome.</summary>
    public const string Uses = "jwksauth.uses";
}
