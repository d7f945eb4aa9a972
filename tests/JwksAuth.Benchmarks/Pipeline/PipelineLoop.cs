using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace JwksAuth.Benchmarks;

/// <summary>One side's pipeline, run repeatedly in this process: first until the JIT compiler has finished, then for the figures.</summary>
internal static class PipelineLoop
{
    private const int Requests = 64;

    // Until the JIT compiler has finished with stock's code, which takes longest.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(7);

    /// <summary>Arguments: the side, the index of the case, and for how many seconds to measure. Writes microseconds and bytes per request.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var side = Enum.Parse<Side>(arguments[0]);
        var current = PipelineCase.All[int.Parse(arguments[1], CultureInfo.InvariantCulture)];
        var time = TimeSpan.FromSeconds(int.Parse(arguments[2], CultureInfo.InvariantCulture));
        await using var issuer = await TokenFactory.StartIssuerAsync(current.Algorithm);
        var headers = current.Tokens(issuer).Select(token => "Bearer " + token).ToArray();
        await using var application = await PipelineApi.StartAsync(side, issuer, host => host.UseTestServer());

        if ((await SendAsync(application.GetTestServer(), current.Path, headers[0])).Response.StatusCode != current.StatusOf(side))
            throw new InvalidOperationException("The answer is not the one to be measured.");

        await MeasureAsync(application, side, current, headers, WarmUp);
        var cost = await MeasureAsync(application, side, current, headers, time);
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{cost.Microseconds} {cost.Bytes}"));
        return 0;
    }

    private static async Task<Cost> MeasureAsync(WebApplication application, Side side, PipelineCase current, string[] headers, TimeSpan time)
    {
        var server = application.GetTestServer();
        var (best, next, began) = (Cost.Unknown, 0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            if (current.IsAlwaysNew)
                PipelineApi.Forget(application, side);

            var (bytes, start) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
            for (var count = 0; count < Requests; count++)
                await SendAsync(server, current.Path, headers[next++ % headers.Length]);
            best = best.Least(new Cost(
                Stopwatch.GetElapsedTime(start).TotalMicroseconds / Requests, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)Requests));
        }

        return best;
    }

    private static Task<HttpContext> SendAsync(TestServer server, string path, string authorization) => server.SendAsync(context =>
    {
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = path;
        context.Request.Headers.Authorization = authorization;
    });
}
