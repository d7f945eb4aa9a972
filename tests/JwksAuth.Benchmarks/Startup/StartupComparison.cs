using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Testing;

namespace JwksAuth.Benchmarks;

/// <summary>
/// How long an API takes to start: from the start of its process to the first response of an endpoint without authentication, from there to the first
/// authorized response, and the memory and CPU time that the process has used by then. The issuer runs here, over a socket. The sides take turns, and the median counts.
/// </summary>
internal static class StartupComparison
{
    private const string Head = """
        | side | to first open response ms | to first authorized response ms | CPU ms | methods compiled | memory MB | memory after 2,000 requests MB |
        |---|---|---|---|---|---|---|
        """;

    private static readonly Side[] Sides = [Side.Open, Side.Stock, Side.Jwks];

    /// <param name="isShort">Fewer starts.</param>
    public static async Task<int> RunAsync(bool isShort)
    {
        await using var issuer = await FakeJwksServer.StartAsync();
        var token = issuer.CreateToken();
        var starts = Sides.ToDictionary(side => side, _ => new List<Start>());
        for (var round = 0; round < (isShort ? 6 : 16); round++)
        {
            foreach (var side in Sides)
            {
                var start = await MeasureAsync(side, issuer, token);
                if (round > 0) // the first reads files that the machine keeps from then on
                    starts[side].Add(start);
            }
        }

        Console.WriteLine(Head);
        foreach (var side in Sides)
            Console.WriteLine(Row(side, starts[side]));
        return 0;
    }

    private static async Task<Start> MeasureAsync(Side side, FakeJwksServer issuer, string token)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["startup-server", side.ToString(), issuer.Issuer, issuer.Audience])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_gcServer"] = "0" },
        })!;
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await ExpectOkAsync(client, "/");
        var open = Stopwatch.GetElapsedTime(began);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await ExpectOkAsync(client, StartupServer.Protected);
        var authorized = Stopwatch.GetElapsedTime(began);
        process.Refresh();
        var (cpu, memory) = (process.TotalProcessorTime, process.WorkingSet64);
        await process.StandardInput.WriteLineAsync();
        var compiled = int.Parse(await process.StandardOutput.ReadLineAsync() ?? "", CultureInfo.InvariantCulture);
        for (var request = 0; request < 2000; request++)
            await ExpectOkAsync(client, StartupServer.Protected);
        process.Refresh();
        var loaded = process.WorkingSet64;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new Start(open.TotalMilliseconds, authorized.TotalMilliseconds, cpu.TotalMilliseconds, compiled, memory / 1048576.0, loaded / 1048576.0);
    }

    private static async Task ExpectOkAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}.");
    }

    private static string Row(Side side, List<Start> starts) => string.Create(CultureInfo.InvariantCulture,
        $"| {side} | {Median(starts, start => start.Open):F0} | {Median(starts, start => start.Authorized):F0} | {Median(starts, start => start.Cpu):F0} | {Median(starts, start => start.Compiled):F0} | {Median(starts, start => start.Memory):F1} | {Median(starts, start => start.Loaded):F1} |");

    private static double Median(List<Start> starts, Func<Start, double> selector) => starts.Select(selector).Order().ElementAt(starts.Count / 2);

    private readonly record struct Start(double Open, double Authorized, double Cpu, double Compiled, double Memory, double Loaded);
}
