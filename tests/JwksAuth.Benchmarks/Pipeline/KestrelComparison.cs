using System.Diagnostics;
using System.Globalization;
using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Benchmarks;

/// <summary>
/// The whole pipeline on Kestrel over loopback: CPU time and bytes per request of each side, one after the other in the same run, and what
/// ours adds over the open endpoint as a ratio to what stock adds. The least of several rounds counts: whatever else the machine does only
/// ever adds.
/// </summary>
internal static class KestrelComparison
{
    private const int Distinct = 4096;
    private const int WarmUpRounds = 3; // the compiler's last word comes late

    private static readonly Case[] Cases =
    [
        new("same token, RS256", "RS256", issuer => [TokenFactory.Good(issuer)]),
        new("1,000 tokens in turn, RS256", "RS256", issuer => TokenFactory.Good(issuer, 1000)),
        new("same token, ES256", "ES256", issuer => [TokenFactory.Good(issuer)]),
        new("always new tokens, ES256", "ES256", issuer => TokenFactory.Good(issuer, Distinct), IsAlwaysNew: true),
        new("always new tokens, RS256", "RS256", issuer => TokenFactory.Good(issuer, Distinct), IsAlwaysNew: true),
        new("bogus kid", "RS256", issuer => [TokenFactory.BogusKeyId(issuer)]),
        new("expired", "RS256", issuer => [TokenFactory.Expired(issuer)]),
        new("wrong audience", "RS256", issuer => [TokenFactory.WrongAudience(issuer)]),
        new("bad signature", "RS256", issuer => [TokenFactory.BadSignature(issuer)]),
        new("garbage", "RS256", _ => [TokenFactory.Garbage()]),
    ];

    /// <param name="isShort">Fewer rounds of fewer requests.</param>
    /// <param name="only">A part of the names of the cases to run; null for all.</param>
    public static async Task<int> RunAsync(bool isShort, string? only)
    {
        Console.WriteLine("| case | open µs | nothing µs | stock µs | ours µs | time added, ours : stock | rate, ours : stock | bytes added: nothing, ours, stock, ours : stock |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var one in Cases.Where(one => only is null || one.Name.Contains(only, StringComparison.Ordinal)))
        {
            await using var issuer = await TokenFactory.StartIssuerAsync(one.Algorithm);
            var tokens = one.Tokens(issuer);
            var results = await MeasureAsync(issuer, tokens, one, isShort);
            Console.WriteLine(Row(one.Name, results));
        }

        return 0;
    }

    private static string Row(string name, Dictionary<Side, Cost> results)
    {
        var (open, stock, ours) = (results[Side.Open], results[Side.Stock], results[Side.Jwks]);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {open.Microseconds:F1} | {results[Side.Nothing].Microseconds:F1} | {stock.Microseconds:F1} | {ours.Microseconds:F1} | {(ours.Microseconds - open.Microseconds) / (stock.Microseconds - open.Microseconds):F3} | {stock.Microseconds / ours.Microseconds:F1} | {results[Side.Nothing].Bytes - open.Bytes:F0}, {ours.Bytes - open.Bytes:F0}, {stock.Bytes - open.Bytes:F0}, {(ours.Bytes - open.Bytes) / (stock.Bytes - open.Bytes):F3} |");
    }

    // The sides take turns, so that a slow minute of the machine does not fall on one of them alone.
    private static async Task<Dictionary<Side, Cost>> MeasureAsync(FakeJwksServer issuer, string[] tokens, Case one, bool isShort)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, tokens);
        var applications = new Dictionary<Side, WebApplication>();
        try
        {
            foreach (var side in Enum.GetValues<Side>())
                applications[side] = await PipelineApi.StartAsync(side, issuer, host => host.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0)));

            var requests = one.IsAlwaysNew ? Distinct : isShort ? 10_000 : 20_000;
            var best = applications.Keys.ToDictionary(side => side, _ => new Cost(double.MaxValue, double.MaxValue));
            for (var round = -WarmUpRounds; round < (isShort ? 4 : 12); round++)
            {
                foreach (var (side, application) in applications)
                {
                    if (one.IsAlwaysNew && side == Side.Jwks)
                        application.Services.GetRequiredService<Bearer.BearerPlans>().Of("Bearer").Cache!.Clear();
                    var cost = await MeasureRoundAsync(PortOf(application), requests, file);
                    best[side] = round < 0 ? best[side] : best[side].Least(cost);
                }
            }

            return best;
        }
        finally
        {
            File.Delete(file);
            foreach (var application in applications.Values)
                await application.DisposeAsync();
        }
    }

    private static int PortOf(WebApplication application) =>
        new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private static async Task<Cost> MeasureRoundAsync(int port, int requests, string file)
    {
        var process = Process.GetCurrentProcess();
        var (time, bytes) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
        await LoadAsync(port, requests, file);
        process.Refresh();
        return new Cost(
            (process.TotalProcessorTime - time).TotalMicroseconds / requests,
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)requests);
    }

    private static async Task LoadAsync(int port, int requests, string file)
    {
        using var child = Process.Start(Environment.ProcessPath!, ["load", port.ToString(CultureInfo.InvariantCulture), requests.ToString(CultureInfo.InvariantCulture), file]);
        await child.WaitForExitAsync();
        if (child.ExitCode != 0)
            throw new InvalidOperationException("The load generator failed.");
    }

    private sealed record Case(string Name, string Algorithm, Func<FakeJwksServer, string[]> Tokens, bool IsAlwaysNew = false);

    private readonly record struct Cost(double Microseconds, double Bytes)
    {
        public Cost Least(Cost other) => new(Math.Min(Microseconds, other.Microseconds), Math.Min(Bytes, other.Bytes));
    }
}
