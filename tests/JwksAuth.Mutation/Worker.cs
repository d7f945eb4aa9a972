using System.Diagnostics;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace JwksAuth.Mutation;

/// <summary>
/// Runs tests in this process, with one mutant switched on: starting a test host for each mutant would take longer than its tests. It reads commands from the
/// standard input, one per line, and answers each with lines on the standard output.
/// </summary>
internal sealed class Worker
{
    private readonly TextWriter _output = Console.Out;
    private readonly FieldInfo _active;
    private readonly byte[] _hits;
    private readonly IXunitTestCase[] _tests;
    private readonly ITestFrameworkExecutor _executor;

    private Worker(string path)
    {
        var assembly = Assembly.LoadFrom(path);
        var mutants = Assembly.Load("JwksAuth").GetType("JwksAuth.MutantSwitch", true)!;
        _active = mutants.GetField("Active")!;
        _hits = (byte[])mutants.GetField("Hits")!.GetValue(null)!;

        var framework = new XunitTestFramework(new Sink());
        var found = new Sink();
        framework.GetDiscoverer(Reflector.Wrap(assembly)).Find(false, found, new Options());
        _tests = [.. found.Finished.Result.OfType<ITestCaseDiscoveryMessage>().Select(each => (IXunitTestCase)each.TestCase)
            .OrderBy(test => test.DisplayName, StringComparer.Ordinal).ThenBy(test => test.UniqueID, StringComparer.Ordinal)];
        _executor = framework.GetExecutor(assembly.GetName());
    }

    public static async Task RunAsync(string path)
    {
        var worker = new Worker(path);
        Console.SetOut(TextWriter.Null);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await worker.AnswerAsync(line.Split(' '));
            await worker._output.FlushAsync();
        }
    }

    private async Task AnswerAsync(string[] words)
    {
        switch (words)
        {
            case ["list"]:
                for (var index = 0; index < _tests.Length; index++)
                    await SayAsync($"{index} {_tests[index].TestMethod.TestClass.Class.Name}");
                await SayAsync("end");
                break;
            case ["cover", var tests]:
                foreach (var index in Numbers(tests))
                    await CoverAsync(index);
                await SayAsync("end");
                break;
            case ["run", var mutant, var tests]:
                await SayAsync(await RunAsync(int.Parse(mutant, null), Numbers(tests)));
                break;
        }
    }

    private async Task CoverAsync(int index)
    {
        Array.Clear(_hits);
        var watch = Stopwatch.StartNew();
        var passed = await PassAsync(index);
        var reached = Enumerable.Range(0, _hits.Length).Where(hit => _hits[hit] != 0);
        await SayAsync($"{index} {(passed ? "passed" : "failed")} {watch.ElapsedMilliseconds} {string.Join(',', reached)}");
    }

    private async Task<string> RunAsync(int mutant, int[] tests)
    {
        foreach (var index in tests)
        {
            await SayAsync("testing");
            _active.SetValue(null, mutant);
            var passed = await PassAsync(index);
            _active.SetValue(null, -1);
            if (!passed)
                return await PassAsync(index) ? "killed" : "poisoned";
        }

        return "survived";
    }

    private async Task<bool> PassAsync(int index)
    {
        var sink = new Sink();
        _executor.RunTests([_tests[index]], sink, new Options());
        return !(await sink.Finished).Any(message => message is ITestFailed or IErrorMessage or ITestClassCleanupFailure or ITestCleanupFailure);
    }

    private Task SayAsync(string line) => _output.WriteLineAsync(line);

    private static int[] Numbers(string list) => [.. list.Split(',').Select(number => int.Parse(number, null))];

    private sealed class Sink : Xunit.LongLivedMarshalByRefObject, IMessageSink
    {
        private readonly List<IMessageSinkMessage> _messages = [];
        private readonly TaskCompletionSource<IReadOnlyList<IMessageSinkMessage>> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IReadOnlyList<IMessageSinkMessage>> Finished => _finished.Task;

        public bool OnMessage(IMessageSinkMessage message)
        {
            lock (_messages)
                _messages.Add(message);
            if (message is ITestAssemblyFinished or IDiscoveryCompleteMessage)
                _finished.TrySetResult(_messages);
            return true;
        }
    }

    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        public TValue? GetValue<TValue>(string name) => name switch
        {
            "xunit.execution.DisableParallelization" or "xunit.discovery.PreEnumerateTheories" => (TValue)(object)true,
            "xunit.execution.SynchronousMessageReporting" or "xunit.discovery.SynchronousMessageReporting" => (TValue)(object)true,
            _ => default,
        };

        public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException();
    }
}
