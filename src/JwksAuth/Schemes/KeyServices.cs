using JwksAuth.Diagnostics;
using JwksAuth.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JwksAuth.Schemes;

/// <summary>The services that every scheme of the package stands on.</summary>
internal static class KeyServices
{
    /// <summary>Adds key sources and what they need, once for all schemes.</summary>
    public static void AddJwksKeys(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(KeySourceRegistry)))
            return;

        services.AddIssuerClient(JwksAuthDefaults.HttpClientName);
        services.AddJwksTelemetry();
        services.AddSingleton<KeySourceRegistry>();
        services.AddSingleton<IJwksManager, JwksManager>();
        services.TryAddSingleton<IJwksReplayCache, MemoryReplayCache>();
        services.AddSingleton<ReplayGuard>();
    }

    /// <summary>Adds a named HTTP client that goes to no other address than it was told.</summary>
    public static void AddIssuerClient(this IServiceCollection services, string name) =>
        services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // an issuer that moves to another address is followed
        });
}
