using System.Text.Json.Serialization;
using JwksAuth;
using JwksAuth.Testing;

namespace QuickStart;

/// <summary>The API: two settings and <c>AddJwksBearer()</c>, with defaults for everything else.</summary>
internal sealed class OrdersApi : IAsyncDisposable
{
    public const string Audience = "orders";

    private readonly WebApplication _application;

    private OrdersApi(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.Single());

    public IJwksManager Keys => _application.Services.GetRequiredService<IJwksManager>();

    public CancellationToken Stopping => _application.Lifetime.ApplicationStopping;

    public static async Task<OrdersApi> StartAsync(FakeJwksServer issuer)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders(); // the demonstration uses the same terminal
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Authentication:Schemes:Bearer:Authority"] = issuer.Issuer,
            ["Authentication:Schemes:Bearer:Audience"] = Audience,
            ["Authentication:Schemes:Bearer:RequireHttpsMetadata"] = "false", // loopback only
        });
        builder.Services.AddAuthentication().AddJwksBearer();
        builder.Services.AddAuthorization();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));

        var application = builder.Build();
        application.MapGet("/orders", () => "Your orders: 1 x coffee\n").RequireAuthorization();
        application.MapGet("/keys", (IJwksManager keys) => keys.GetStatus());
        MapIssuerControls(application.MapGroup("/issuer"), issuer);
        await application.StartAsync();
        return new OrdersApi(application);
    }

    public Task WaitForShutdownAsync() => _application.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    // Lets curl do to the issuer what the demonstration did. A real API has nothing like this.
    private static void MapIssuerControls(RouteGroupBuilder controls, FakeJwksServer issuer)
    {
        controls.MapGet("/token", () => issuer.CreateToken());
        controls.MapPost("/rotate", () => $"Signs with {issuer.RotateKey().KeyId}.\n");
        controls.MapPost("/stop", async () =>
        {
            await issuer.StopAsync();
            return "The issuer is down.\n";
        });
        controls.MapPost("/start", async () =>
        {
            await issuer.RestartAsync();
            return "The issuer is up.\n";
        });
    }
}
