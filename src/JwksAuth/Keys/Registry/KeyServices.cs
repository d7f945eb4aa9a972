using JwksAuth.Diagnostics;
using JwksAuth.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace JwksAuth.Keys.Registry;

/// <summary>The services that every scheme of the package stands on.</summary>
internal static class KeyServices
{
    private static readonly HashSet<string> CredentialHeaders =
        new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Proxy-Authorization", "DPoP", "Cookie", "Set-Cookie" };

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

    /// <summary>
    /// Adds a named HTTP client that goes to no other address than it was told. It writes no log of its own: the package reports each fetch, and an
    /// outage would otherwise cost two stack traces an attempt.
    /// </summary>
    public static void AddIssuerClient(this IServiceCollection services, string name) =>
        services.AddHttpClient(name).RemoveAllLoggers().Services.PostConfigure<HttpClientFactoryOptions>(name, options =>
        {
            // First, so that a handler of the application takes its place, whether the application sets it before or after this.
            options.HttpMessageHandlerBuilderActions.Insert(0, builder => builder.PrimaryHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5), // an issuer that moves to another address is followed
            });
            options.HideCredentials(() => true);
        });

    /// <summary>Hides the headers that hold credentials from the log, whichever the application chose to hide (and even if it added loggers).</summary>
    /// <param name="options">How a client is made.</param>
    /// <param name="applies">Whether the client sends credentials of ours; asked when something is logged.</param>
    public static void HideCredentials(this HttpClientFactoryOptions options, Func<bool> applies)
    {
        var chosen = options.ShouldRedactHeaderValue;
        options.ShouldRedactHeaderValue = header => chosen(header) || (CredentialHeaders.Contains(header) && applies());
    }
}
