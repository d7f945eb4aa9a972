using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Benchmarks;

/// <summary>
/// One side on Kestrel in its own process, so that the JIT compiler and the garbage collector do not carry over effects from one side to another.
/// Answers each line of its input with the CPU time and bytes that the process has used so far.
/// </summary>
internal static class PipelineServer
{
    /// <summary>The line that empties the token cache.</summary>
    public const string Forget = "forget";

    /// <summary>Arguments: the side, the index of the case, the file to write the tokens to, one per line.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var side = Enum.Parse<Side>(arguments[0]);
        var current = PipelineCase.All[int.Parse(arguments[1], CultureInfo.InvariantCulture)];
        await using var issuer = await TokenFactory.StartIssuerAsync(current.Algorithm);
        await File.WriteAllLinesAsync(arguments[2], current.Tokens(issuer));
        await using var application = await PipelineApi.StartAsync(
            side, issuer, host => host.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0)));

        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine(new Uri(address).Port);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Forget)
                PipelineApi.Forget(application, side);

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.Ticks} {GC.GetTotalAllocatedBytes(precise: true)}"));
        }

        return 0;
    }
}
