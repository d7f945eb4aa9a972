using System.Diagnostics.CodeAnalysis;
using JwksAuth;
using JwksAuth.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds rules that tokens must meet beyond being good.</summary>
public static class JwksAccessServiceExtensions
{
    /// <summary>
    /// Makes the schemes of this package find the application's user of each token: <c>HttpContext.GetJwksUser</c> returns it, and a token whose user is unknown
    /// or disabled is answered with 401.
    /// </summary>
    /// <typeparam name="TResolver">Finds users; made once per request.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null sets none.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddJwksUserResolver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TResolver>(
        this IServiceCollection services, Action<JwksUserResolverOptions>? configure = null)
        where TResolver : class, IJwksUserResolver
    {
        ArgumentNullException.ThrowIfNull(services);

        services.Replace(ServiceDescriptor.Scoped<IJwksUserResolver, TResolver>());
        services.AddOptions<JwksUserResolverOptions>()
            .Configure(options => configure?.Invoke(options))
            .Validate(options => options.CacheDuration >= TimeSpan.Zero && options.CacheCapacity >= 0, "CacheDuration and CacheCapacity of JwksUserResolverOptions must not be negative")
            .Validate<IServiceProvider>((options, provider) => SchemeNames.AreKnown(provider, options.Schemes), SchemeNames.Unknown("AddJwksUserResolver"))
            .ValidateOnStart();
        return services;
    }

    /// <summary>
    /// Lets a scheme take tokens that are bound to a key of their owner: to the client certificate of the connection (RFC 8705) or to the key of a DPoP proof
    /// (RFC 9449). Without this, bound tokens are refused.
    /// </summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">A scheme of this package. Default <c>Bearer</c>.</param>
    /// <param name="configure">Sets options; null sets none.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddJwksSenderConstraint(
        this AuthenticationBuilder builder, string authenticationScheme = JwtBearerDefaults.AuthenticationScheme, Action<JwksSenderConstraintOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);

        builder.Services.AddOptions<JwksSenderConstraintOptions>(authenticationScheme)
            .Configure(options =>
            {
                options.IsEnabled = true;
                configure?.Invoke(options);
            })
            .Validate(SenderConstraintFaults.HasAlgorithms, SenderConstraintFaults.Algorithms)
            .Validate(SenderConstraintFaults.HasMethod, SenderConstraintFaults.Method)
            .Validate(SenderConstraintFaults.HasOrigins, SenderConstraintFaults.Origins)
            .Validate(SenderConstraintFaults.HasTimes, SenderConstraintFaults.Times)
            .Validate<IServiceProvider>((_, provider) => SchemeNames.AreKnown(provider, [authenticationScheme]), SchemeNames.Unknown($"AddJwksSenderConstraint(\"{authenticationScheme}\")"))
            .ValidateOnStart();
        return builder;
    }
}
