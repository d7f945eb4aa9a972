using JwksAuth;
using JwksAuth.Access;
using JwksAuth.Bearer;
using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds JWT bearer authentication with a caching JWKS resolver.</summary>
public static class JwksBearerExtensions
{
    /// <summary>
    /// Adds the scheme <c>Bearer</c>, configured under <c>Authentication:Schemes:Bearer</c>. Takes the place of <c>AddJwtBearer</c>: the same
    /// settings, events and policies, with keys fetched, kept and refreshed by JwksAuth.
    /// </summary>
    /// <param name="builder">The authentication builder.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddJwksBearer(this AuthenticationBuilder builder) =>
        builder.AddJwksBearer(JwtBearerDefaults.AuthenticationScheme, null, null);

    /// <summary>Adds a scheme, configured under <c>Authentication:Schemes:{scheme}</c>.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddJwksBearer(this AuthenticationBuilder builder, string authenticationScheme) =>
        builder.AddJwksBearer(authenticationScheme, null, null);

    /// <summary>Adds the scheme <c>Bearer</c>, configured under <c>Authentication:Schemes:Bearer</c> and then in code.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddJwksBearer(this AuthenticationBuilder builder, Action<JwksBearerOptions>? configureOptions) =>
        builder.AddJwksBearer(JwtBearerDefaults.AuthenticationScheme, null, configureOptions);

    /// <summary>Adds a scheme, configured under <c>Authentication:Schemes:{scheme}</c> and then in code.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddJwksBearer(
        this AuthenticationBuilder builder, string authenticationScheme, Action<JwksBearerOptions>? configureOptions) =>
        builder.AddJwksBearer(authenticationScheme, null, configureOptions);

    /// <summary>Adds a scheme, configured under <c>Authentication:Schemes:{scheme}</c> and then in code.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="displayName">What people call the scheme; null if they never see it.</param>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddJwksBearer(
        this AuthenticationBuilder builder, string authenticationScheme, string? displayName, Action<JwksBearerOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Services.AddJwksScheme(authenticationScheme);
        return builder.AddScheme<JwtBearerOptions, JwksBearerHandler>(
            authenticationScheme, displayName, options => configureOptions?.Invoke((JwksBearerOptions)options));
    }

    /// <summary>
    /// Adds options for <see cref="IJwksTokenValidator"/> without an authentication scheme: for workers, ID tokens and the like. Configured
    /// under <c>Authentication:Schemes:{name}</c> and then in code.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name to validate by.</param>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddJwksTokenValidator(
        this IServiceCollection services, string name, Action<JwksBearerOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddAuthentication();
        services.AddJwksScheme(name);
        if (configureOptions is not null)
            services.Configure<JwtBearerOptions>(name, options => configureOptions((JwksBearerOptions)options));
        services.AddOptions<JwtBearerOptions>(name).PostConfigure<TimeProvider>((options, time) => options.TimeProvider ??= time);
        return services;
    }

    private static void AddJwksScheme(this IServiceCollection services, string scheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);

        services.Configure<JwksSchemes>(schemes => schemes.Names.Add(scheme));
        services.AddSingleton<IOptionsChangeTokenSource<JwtBearerOptions>>(provider => new ConfigurationChangeTokenSource<JwtBearerOptions>(
            scheme, provider.GetRequiredService<IAuthenticationConfigurationProvider>().GetSchemeConfiguration(scheme)));
        services.AddSingleton<IOptionsChangeTokenSource<JwtBearerOptions>>(provider =>
            new OwnChanges(scheme, provider.GetServices<IOptionsChangeTokenSource<JwksBearerOptions>>()));
        if (services.Any(service => service.ServiceType == typeof(BearerPlans)))
            return;

        services.AddJwksKeys();
        services.AddJwksKeyRing();
        services.AddJwksAccess();
        services.TryAddSingleton<SignatureCheck>();
        services.AddSingleton<ISchemeProfiles, BearerProfiles>();
        services.AddSingleton<BearerPlans>();
        services.AddSingleton(provider => new Lazy<IOptionsMonitor<JwtBearerOptions>>(provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>));
        services.AddTransient<IOptionsFactory<JwtBearerOptions>, BearerOptionsFactory>();
        services.AddTransient<IOptionsFactory<JwksBearerOptions>, OwnOptionsFactory>();
        services.AddSingleton<IOptionsMonitor<JwksBearerOptions>, OwnOptionsMonitor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, BearerConfiguration>());
        services.AddSingleton<ISchemeReports, BearerReports>();
        services.AddSingleton<IJwksTokenValidator, JwksTokenValidator>();
        services.AddHostedService<BearerStartup>();
    }
}
