using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using JwksAuth.Benchmarks;
using Perfolizer.Horology;

// --short: fewer and shorter iterations, for a look at the ratios in under three minutes.
var isShort = args.Contains("--short");
string[] rest = [.. args.Where(argument => argument != "--short")];
switch (rest.FirstOrDefault())
{
    case "load":
        return await LoadGenerator.RunAsync(rest[1..]);
    case "serve":
        return await PipelineServer.RunAsync(rest[1..]);
    case "kestrel":
        return await KestrelComparison.RunAsync(isShort, rest.ElementAtOrDefault(1));
    case "peers":
        return await PeerComparison.RunAsync(isShort, rest.ElementAtOrDefault(1));
    case "loop":
        return await PipelineLoop.RunAsync(rest[1..]);
    case "pipeline":
        return await PipelineComparison.RunAsync(isShort, rest.ElementAtOrDefault(1));
    case "startup":
        return await StartupComparison.RunAsync(isShort);
    case "startup-server":
        return await StartupServer.RunAsync(rest[1..]);
    case "memory":
        return await MemoryBound.RunAsync(isShort);
}

var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance);
if (isShort)
    job = job.WithWarmupCount(2).WithIterationCount(4).WithIterationTime(TimeInterval.FromMilliseconds(150));

var config = DefaultConfig.Instance
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .HideColumns(Column.Job, Column.Toolchain, Column.IterationTime, Column.IterationCount, Column.WarmupCount, Column.Error, Column.Median)
    .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest, config);
return 0;
