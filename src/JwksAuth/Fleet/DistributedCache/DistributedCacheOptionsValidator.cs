using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>Names what an operator got wrong, when the host starts.</summary>
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
            yield return "AddJwksDistributedCache needs an IDistributedCache: add one, as with AddStackExchangeRedisCache or AddDistributedSqlServerCache.";
        if (string.IsNullOrEmpty(options.KeyPrefix))
            yield return "AddJwksDistributedCache: KeyPrefix is empty.";
        if (options.PollInterval < LeastPollInterval)
            yield return $"AddJwksDistributedCache: PollInterval is {options.PollInterval}, less than {LeastPollInterval}.";
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > LongestTimeout)
            yield return $"AddJwksDistributedCache: Timeout is {options.Timeout}, not between 0 and {LongestTimeout}.";
        if (!seal.IsShared && !options.TrustEveryCacheWriter)
        {
            yield return "AddJwksDistributedCache seals its entries with Data Protection, which keeps its keys in no place that replicas share: "
                + "call AddDataProtection().PersistKeysTo…, or set TrustEveryCacheWriter if nobody else can write to the cache.";
        }
    }
}
