using System.Diagnostics.Metrics;

namespace JwksAuth.Bearer.Cache;

/// <summary>Counts hits and misses of a scheme's validated-token cache.</summary>
internal sealed class TokenCacheTelemetry(Counter<long> requests, string scheme)
{
    public void Asked(bool wasHit)
    {
        if (requests.Enabled)
            requests.Add(1, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Outcome, wasHit ? "hit" : "miss"));
    }
}
