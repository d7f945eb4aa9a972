using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

// --short: fewer and shorter iterations in this very process, for a look at the ratios in under three minutes.
var isShort = args.Contains("--short");
var job = isShort
    ? Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(4).WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(150))
    : Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance);
var config = DefaultConfig.Instance
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .HideColumns(Column.Job, Column.Toolchain, Column.IterationTime, Column.IterationCount, Column.WarmupCount, Column.Error, Column.Median)
    .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(argument => argument != "--short")], config);
