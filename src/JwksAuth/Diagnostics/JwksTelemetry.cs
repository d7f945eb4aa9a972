using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>The instruments of the process. Tags are fixed words and what the operator configured, never text from outside.</summary>
internal sealed class JwksTelemetry : IDisposable
{
    private readonly Meter _meter;

    public JwksTelemetry(IMeterFactory meters, ILoggerFactory loggers)
    {
        _meter = meters.Create(JwksAuthDefaults.MeterName);
        Logger = loggers.CreateLogger("JwksAuth");
        Fetches = _meter.CreateCounter<long>("jwksauth.fetches", "{fetch}", "Fetches of key sets, by outcome.");
        FetchDuration = _meter.CreateHistogram<double>("jwksauth.fetch.duration", "s", "How long fetches of key sets took.");
        UnknownKeys = _meter.CreateCounter<long>("jwksauth.unknown_keys", "{token}", "Tokens with an unknown key, by what was decided.");
        SkippedKeys = _meter.CreateCounter<long>("jwksauth.skipped_keys", "{key}", "Published keys that are not used, by reason.");
        TokenCacheRequests = _meter.CreateCounter<long>("jwksauth.token_cache.requests", "{token}", "Tokens looked up in the cache of validated tokens, by hit or miss.");
    }

    public ActivitySource Activities { get; } = new(JwksAuthDefaults.ActivitySourceName);

    public ILogger Logger { get; }

    public Counter<long> Fetches { get; }

    public Histogram<double> FetchDuration { get; }

    public Counter<long> UnknownKeys { get; }

    public Counter<long> SkippedKeys { get; }

    public Counter<long> TokenCacheRequests { get; }

    public TokenCacheTelemetry ForTokenCache(string scheme) => new(TokenCacheRequests, scheme);

    public SourceTelemetry ForSource(string source, TimeProvider time) => new(this, source, time);

    public void Dispose() => Activities.Dispose();
}
