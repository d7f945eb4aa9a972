using System.Diagnostics.CodeAnalysis;
using JwksAuth;
using JwksAuth.Logout;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds back-channel logout, for applications with sessions.</summary>
public static class JwksLogoutServiceCollectionExtensions
{
    /// <summary>
    /// Adds the validation of logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6), configured under
    /// <c>Authentication:Schemes:BackChannelLogout</c> and then in code: the provider as <c>Authority</c>, the client identifier as
    /// <c>Audience</c>. <c>MapBackChannelLogout</c> adds the endpoint. <c>ValidTypes</c> defaults to <c>logout+jwt</c>. Tokens are not
    /// cached, but each can be used only once.
    /// </summary>
    /// <typeparam name="THandler">Ends sessions; created once per logout.</typeparam>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    public static IServiceCollection AddJwksBackChannelLogout<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this IServiceCollection services, Action<JwksBearerOptions>? configureOptions = null)
        where THandler : class, IJwksLogoutHandler
    {
        ArgumentNullException.ThrowIfNull(services);

        services.Replace(ServiceDescriptor.Scoped<IJwksLogoutHandler, THandler>());
        services.AddJwksTokenValidator(JwksAuthDefaults.BackChannelLogoutScheme, configureOptions);
        services.PostConfigure<JwksBearerOptions>(JwksAuthDefaults.BackChannelLogoutScheme, options =>
        {
            if (options.ValidTypes.Count == 0)
                options.ValidTypes = ["logout+jwt", "application/logout+jwt"];
            options.TokenCacheCapacity = 0; // each token is valid once
        });
        services.TryAddSingleton<LogoutEndpoint>();
        return services;
    }
}
