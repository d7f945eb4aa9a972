using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests;

/// <summary>A token endpoint with this package on a free port of 127.0.0.1, for one client, at <c>/token</c>.</summary>
internal static class KestrelTokenServer
{
    /// <summary>The audience of assertions.</summary>
    public const string Issuer = "https://as.test";

    public static async Task<WebApplication> StartAsync(JwksClient client, Action<IServiceCollection>? addServices = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddJwksClientAssertions(options =>
        {
            options.Issuer = Issuer;
            options.Clients.Add(client);
        });
        addServices?.Invoke(builder.Services);

        var application = builder.Build();
        application.MapPost("/token", async (HttpRequest request, IJwksClientAssertionValidator clients) =>
        {
            var result = await clients.ValidateAsync(request);
            return result.IsValid
                ? Results.Json(new { access_token = $"client={result.ClientId}", token_type = "Bearer" })
                : Results.Json(new { error = result.Error, failure = result.Failure.ToString() }, statusCode: result.StatusCode);
        });
        await application.StartAsync();
        return application;
    }
}
