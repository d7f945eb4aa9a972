using System.Diagnostics.CodeAnalysis;
using JwksAuth;
using JwksAuth.Access.Callers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the resolver of the application's users.</summary>
public static class JwksUserResolverServiceCollectionExtensions
{
    /// <summary>
    /// Makes the schemes of this package find the application's user of each token: <c>HttpContext.GetJwksUser</c> returns it, and a token
    /// whose user is unknown or disabled is answered with 401.
    /// </summary>
    /// <typeparam name="TResolver">The resolver; created once per request.</typeparam>
    /// <param name="configure">Sets options; null sets none.</param>
    public static IServiceCollection AddJwksUserResolver<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TResolver>(
        this IServiceCollection services, Action<JwksUserResolverOptions>? configure = null)
        where TResolver : class, IJwksUserResolver
    {
        ArgumentNullException.ThrowIfNull(services);

        services.Replace(ServiceDescriptor.Scoped<IJwksUserResolver, TResolver>());
        services.AddOptions<JwksUserResolverOptions>()
            .Configure(options => configure?.Invoke(options))
            .Validate(
                options => options.CacheDuration >= TimeSpan.Zero && options.CacheCapacity >= 0,
                "CacheDuration and CacheCapacity of JwksUserResolverOptions must not be negative")
            .Validate<IServiceProvider>(
                (options, provider) => SchemeNames.AreKnown(provider, options.Schemes), SchemeNames.Unknown("AddJwksUserResolver"))
            .ValidateOnStart();
        return services;
    }
}
