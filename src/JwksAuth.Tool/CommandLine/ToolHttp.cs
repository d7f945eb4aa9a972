using JwksAuth.Keys.Retrieval;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tool.CommandLine;

/// <summary>HTTP clients for one run of the command: no redirects, no cookies, bounded in time.</summary>
internal static class ToolHttp
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static ServiceProvider CreateServices()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("")
            .ConfigureHttpClient(client =>
            {
                client.Timeout = Timeout;
                client.DefaultRequestHeaders.UserAgent.Add(HttpExchange.Product);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        return services.BuildServiceProvider();
    }

    public static HttpClient CreateClient(this IServiceProvider services) =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient();
}
