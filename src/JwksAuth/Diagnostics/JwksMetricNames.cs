namespace JwksAuth;

/// <summary>The instruments of the meter <see cref="JwksAuthDefaults.MeterName"/>, named by OpenTelemetry's conventions.</summary>
public static class JwksMetricNames
{
    /// <summary>Counter, <c>{fetch}</c>: fetches of key sets, by source, outcome, reason and, if they failed, error type.</summary>
    public const string Fetches = "jwksauth.fetches";

    /// <summary>Histogram, seconds: how long fetches of key sets took, by source and outcome.</summary>
    public const string FetchDuration = "jwksauth.fetch.duration";

    /// <summary>Gauge, seconds: the time since the last good fetch, by source. Absent before the first.</summary>
    public const string KeySetAge = "jwksauth.key_set.age";

    /// <summary>Gauge, <c>{key}</c>: the keys in force, by source. Zero before the first good fetch and when the keys are too old.</summary>
    public const string KeySetSize = "jwksauth.key_set.size";

    /// <summary>Counter, <c>{token}</c>: tokens whose key was not in memory, by source and decision.</summary>
    public const string UnknownKeys = "jwksauth.unknown_keys";

    /// <summary>Counter, <c>{key}</c>: published keys that are not used, by source and reason.</summary>
    public const string SkippedKeys = "jwksauth.skipped_keys";

    /// <summary>Counter, <c>{check}</c>: keys tried for the signatures of tokens, by scheme, algorithm and outcome. A token from the cache needs none.</summary>
    public const string SignatureChecks = "jwksauth.signature_checks";

    /// <summary>Counter, <c>{token}</c>: tokens that a scheme did not accept, by scheme and reason (<c>audience</c>, <c>expired</c>, <c>unknown_key</c> …).</summary>
    public const string RefusedTokens = "jwksauth.refused_tokens";

    /// <summary>Counter, <c>{token}</c>: tokens looked up in the cache of validated tokens, by scheme and outcome.</summary>
    public const string TokenCacheRequests = "jwksauth.token_cache.requests";

    /// <summary>Counter, <c>{introspection}</c>: questions to authorization servers about tokens, by scheme and outcome.</summary>
    public const string Introspections = "jwksauth.introspections";

    /// <summary>Histogram, seconds: how long questions to authorization servers took, by scheme.</summary>
    public const string IntrospectionDuration = "jwksauth.introspection.duration";

    /// <summary>Counter, <c>{token}</c>: tokens looked up among those asked about a moment ago, by scheme and outcome.</summary>
    public const string IntrospectionCacheRequests = "jwksauth.introspection_cache.requests";

    /// <summary>Counter, <c>{assertion}</c>: attempts of clients to authenticate by an assertion, by outcome.</summary>
    public const string ClientAssertions = "jwksauth.client_assertions";

    /// <summary>Counter, <c>{use}</c>: uses of what may be used once, by kind and outcome.</summary>
    public const string Uses = "jwksauth.uses";
}
