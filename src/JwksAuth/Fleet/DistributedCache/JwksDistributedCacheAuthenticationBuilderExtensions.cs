using JwksAuth;
using JwksAuth.Fleet;
using JwksAuth.Fleet.DistributedCache;
using JwksAuth.Replay;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the replicas of an API act as one through a distributed cache.</summary>
public static class JwksDistributedCacheAuthenticationBuilderExtensions
{
    /// <summary>
    /// Shares fetched keys, and the right to fetch them, through the <see cref="IDistributedCache"/> of the application, for all schemes of this
    /// package. Without the cache each replica works as if it were alone.
    /// </summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="configureOptions">Sets options. Null sets none.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">Replicas share their keys on something else already.</exception>
    /// <exception cref="OptionsValidationException">
    /// Thrown when the host starts: there is no cache, an option is out of range, or entries could not be sealed and
    /// <see cref="JwksDistributedCacheOptions.TrustEveryCacheWriter"/> is off.
    /// </exception>
    public static AuthenticationBuilder AddJwksDistributedCache(
        this AuthenticationBuilder builder, Action<JwksDistributedCacheOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Services.AddFleetEngine<DistributedCacheFleet>();
        builder.Services.AddSharedReplays<CachedReplays>(
            provider => provider.GetRequiredService<IOptions<JwksDistributedCacheOptions>>().Value.ShareReplays);
        builder.Services.AddDataProtection();
        builder.Services.TryAddSingleton<CacheSeal>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JwksDistributedCacheOptions>, DistributedCacheOptionsValidator>());
        var options = builder.Services.AddOptions<JwksDistributedCacheOptions>().ValidateOnStart();
        if (configureOptions is not null)
            options.Configure(configureOptions);
        return builder;
    }
}
