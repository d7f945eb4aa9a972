using JwksAuth;
using JwksAuth.Access;
using JwksAuth.Bearer;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Jose;
using JwksAuth.Keys.Registry;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the validation of tokens without an authentication scheme.</summary>
public static class JwksTokenValidatorServiceCollectionExtensions
{
    /// <summary>
    /// Adds options for <see cref="IJwksTokenValidator"/> without an authentication scheme: for workers, ID tokens and similar. Configured
    /// under <c>Authentication:Schemes:{name}</c> and then in code.
    /// </summary>
    /// <param name="name">The name of the options, passed to the validator as <c>scheme</c>.</param>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
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

    /// <summary>Adds a name that tokens can be validated by, and the services for it.</summary>
    internal static void AddJwksScheme(this IServiceCollection services, string scheme)
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
        services.AddSingleton<ISchemes, BearerSchemes>();
        services.AddSingleton<BearerPlans>();
        services.AddSingleton<BearerLoggers>();
        services.AddSingleton(
            provider => new Lazy<IOptionsMonitor<JwtBearerOptions>>(provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>));
        services.AddTransient<IOptionsFactory<JwtBearerOptions>, BearerOptionsFactory>();
        services.AddTransient<IOptionsFactory<JwksBearerOptions>, OwnOptionsFactory>();
        services.AddSingleton<IOptionsMonitor<JwksBearerOptions>, OwnOptionsMonitor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, BearerConfiguration>());
        services.AddSingleton<IJwksTokenValidator, JwksTokenValidator>();
        services.AddHostedService<BearerStartup>();
    }
}
