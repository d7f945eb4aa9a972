using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Fleet.DistributedCache;

internal sealed class DistributedCacheOptionsValidator(CacheSeal seal, IServiceProviderIsService services)
    : IValidateOptions<JwksDistributedCacheOptions>
{
    private static readonly TimeSpan LeastPollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(5);

    public ValidateOptionsResult Validate(string? name, JwksDistributedCacheOptions options)
    {
        string[] faults = [.. Faults(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(JwksDistributedCacheOptions options)
    {
        if (!services.IsService(typeof(IDistributedCache)))
            yield return "AddJwksDistributedCache needs an IDistributedCache: add one, "
                + "for example with AddStackExchangeRedisCache or AddDistributedSqlServerCache.";
        if (string.IsNullOrEmpty(options.KeyPrefix))
            yield return "AddJwksDistributedCache: KeyPrefix is empty.";
        if (options.PollInterval < LeastPollInterval)
            yield return $"AddJwksDistributedCache: PollInterval is {options.PollInterval}; the minimum is {LeastPollInterval}.";
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > LongestTimeout)
            yield return $"AddJwksDistributedCache: Timeout is {options.Timeout}, not above 0 and at most {LongestTimeout}.";
        if (!seal.IsShared && !options.TrustEveryCacheWriter)
        {
            yield return "AddJwksDistributedCache seals its entries with Data Protection, whose keys the replicas do not share: "
                + "call AddDataProtection().PersistKeysTo…, or set TrustEveryCacheWriter if no one else can write to the cache.";
        }
    }
}
