using JwksAuth;
using JwksAuth.Fleet;
using JwksAuth.Fleet.DistributedCache;
using JwksAuth.Replay;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Shares keys between the replicas of an API through a distributed cache.</summary>
public static class JwksDistributedCacheAuthenticationBuilderExtensions
{
    /// <summary>
    /// Shares fetched keys and the right to fetch through the application's <see cref="IDistributedCache"/>, for all JwksAuth schemes.
    /// While the cache is unreachable, each replica works on its own.
    /// </summary>
    /// <param name="configureOptions">Sets options; null for none.</param>
    /// <exception cref="InvalidOperationException">The replicas already share their keys through another engine.</exception>
    /// <exception cref="OptionsValidationException">At start: no cache, an option out of range, or entries cannot be sealed.</exception>
    public static AuthenticationBuilder AddJwksDistributedCache(
        this AuthenticationBuilder builder, Action<JwksDistributedCacheOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Services.AddFleetEngine<DistributedCacheFleet>();
        builder.Services.AddSharedReplays<CachedReplays>(
            provider => provider.GetRequiredService<IOptions<JwksDistributedCacheOptions>>().Value.ShareReplays);
        builder.Services.AddDataProtection();
        builder.Services.TryAddSingleton<CacheSeal>();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<JwksDistributedCacheOptions>, DistributedCacheOptionsValidator>());
        var options = builder.Services.AddOptions<JwksDistributedCacheOptions>().ValidateOnStart();
        if (configureOptions is not null)
            options.Configure(configureOptions);
        return builder;
    }
}
