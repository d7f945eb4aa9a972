using JwksAuth.Diagnostics;
using JwksAuth.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace JwksAuth.Keys.Registry;

/// <summary>Registers the key services that all schemes share.</summary>
internal static class KeyServices
{
    private static readonly HashSet<string> CredentialHeaders =
        new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Proxy-Authorization", "DPoP", "Cookie", "Set-Cookie" };

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

    /// <summary>Adds a client that follows no redirects and writes no log; the package reports each fetch once.</summary>
    public static void AddIssuerClient(this IServiceCollection services, string name) =>
        services.AddHttpClient(name).RemoveAllLoggers().Services.PostConfigure<HttpClientFactoryOptions>(name, options =>
        {
            // First, so that the application's own handler takes precedence, no matter when it is set.
            options.HttpMessageHandlerBuilderActions.Insert(0, builder => builder.PrimaryHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows an issuer that changes its IP address
            });
            options.HideCredentials(() => true);
        });

    /// <summary>Redacts credential headers in all logs of the client, including the application's own loggers.</summary>
    /// <param name="applies">Whether the client sends our credentials; evaluated for each log entry.</param>
    public static void HideCredentials(this HttpClientFactoryOptions options, Func<bool> applies)
    {
        var chosen = options.ShouldRedactHeaderValue;
        options.ShouldRedactHeaderValue = header => chosen(header) || (CredentialHeaders.Contains(header) && applies());
    }
}
