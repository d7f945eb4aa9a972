using System.Net;
using System.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Benchmarks;

/// <summary>
/// One side, configured as in an application, in a new process. Answers a line with the number of methods that were
/// compiled so far, and exits when its input ends.
/// </summary>
internal static class StartupServer
{
    public const string Protected = "/protected";

    /// <summary>Arguments: the side, the issuer, the audience. Writes the port as soon as it listens.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (side, issuer, audience) = (Enum.Parse<Side>(arguments[0]), arguments[1], arguments[2]);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        if (side != Side.Open)
            AddSide(builder.Services, side, issuer, audience);

        await using var application = builder.Build();
        application.MapGet("/", () => "ok");
        var endpoint = application.MapGet(Protected, () => "ok");
        if (side != Side.Open)
            endpoint.RequireAuthorization();

        await application.StartAsync();
        Console.WriteLine(new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port);
        await Console.In.ReadLineAsync();
        Console.WriteLine(JitInfo.GetCompiledMethodCount());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void AddSide(IServiceCollection services, Side side, string issuer, string audience)
    {
        services.AddAuthorization();
        var authentication = services.AddAuthentication();
        if (side == Side.Stock)
        {
            authentication.AddJwtBearer(options =>
            {
                options.Authority = issuer;
                options.Audience = audience;
                options.RequireHttpsMetadata = false;
            });
        }
        else
        {
            authentication.AddJwksBearer(options =>
            {
                options.Authority = issuer;
                options.Audience = audience;
                options.RequireHttpsMetadata = false;
            });
        }
    }
}
