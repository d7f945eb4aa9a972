using JwksAuth;
using JwksAuth.Issuer.ClientAssertions;
using JwksAuth.Jose;
using JwksAuth.Keys.Registry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds client authentication by signed assertions, for authorization servers.</summary>
public static class JwksClientAssertionsServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IJwksClientAssertionValidator"/>, configured under <c>JwksAuth:ClientAssertions</c> and then in code. Clients come
    /// from the options and from an <see cref="IJwksClientStore"/> if the application registers one. Scoped, so that the store may be too.
    /// </summary>
    /// <param name="configureOptions">Sets options after configuration is applied; null for none.</param>
    public static IServiceCollection AddJwksClientAssertions(
        this IServiceCollection services, Action<JwksClientAssertionOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        if (services.All(service => service.ServiceType != typeof(AssertionPlans)))
            AddServices(services);
        if (configureOptions is not null)
            services.Configure(configureOptions);
        return services;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddJwksKeys();
        services.TryAddSingleton<SignatureCheck>();
        services.AddSingleton<IConfigureOptions<JwksClientAssertionOptions>, ClientAssertionConfiguration>();
        services.AddSingleton<IOptionsChangeTokenSource<JwksClientAssertionOptions>>(
            provider => new ConfigurationChangeTokenSource<JwksClientAssertionOptions>(
            provider.GetRequiredService<IConfiguration>().GetSection(JwksClientAssertionOptions.SectionName)));
        services.AddSingleton<AssertionPlans>();
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<ClientAssertionReports>();
        services.AddScoped<IJwksClientAssertionValidator, ClientAssertionValidator>();
        services.AddHostedService<ClientAssertionStartup>();
    }
}
