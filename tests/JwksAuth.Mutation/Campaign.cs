using System.Collections.Concurrent;

namespace JwksAuth.Mutation;

/// <summary>A test: the mutants that it reaches, and how long it takes.</summary>
internal sealed record CoveringTest(int Index, string ClassName, int Milliseconds, HashSet<int> Mutants);

/// <summary>Switches mutants on, one at a time, and runs the tests that reach them.</summary>
internal sealed class Campaign(string folder, int workers, FileList files)
{
    // A test that takes longer than a mutant's share would make the whole run take hours. Mutants that only such a test notices count as unnoticed.
    private const int LongestTest = 6_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentQueue<int[]> _chunks = [];
    private readonly ConcurrentBag<CoveringTest> _tests = [];

    /// <summary>Which mutants each test reaches.</summary>
    public async Task<IReadOnlyList<CoveringTest>> CoverAsync(IReadOnlyList<Mutant> mutants)
    {
        using var first = new WorkerProcess(folder);
        var list = await first.AskAsync("list", line => line == "end", TimeSpan.FromMinutes(5))
            ?? throw new InvalidOperationException("The worker did not start.");
        var classes = list.SkipLast(1).Select(line => line.Split(' ')).ToDictionary(words => int.Parse(words[0], null), words => words[1]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var guarded = mutants.Select(mutant => mutant.File).ToHashSet();
        foreach (var chunk in classes.Where(test => guarded.Any(file => files.IsGuard(file, test.Value))).Select(test => test.Key).Chunk(20))
            _chunks.Enqueue(chunk);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => CoverChunksAsync(classes)));
        Console.Error.WriteLine($"coverage took {watch.Elapsed}");
        return [.. _tests];
    }

    /// <summary>Whether the tests notice each mutant.</summary>
    public async Task<IReadOnlyDictionary<int, bool>> RunAsync(IReadOnlyList<Mutant> mutants, IReadOnlyList<CoveringTest> tests)
    {
        var results = new ConcurrentDictionary<int, bool>();
        var queue = new ConcurrentQueue<Mutant>(mutants);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            WorkerProcess? worker = null;
            for (var done = 1; queue.TryDequeue(out var mutant); done++)
            {
                worker ??= new WorkerProcess(folder);
                (results[mutant.Id], var isUsable) = await RunAsync(worker, mutant, Choose(mutant, tests));
                if (!isUsable || done % 200 == 0)
                {
                    worker.Dispose();
                    worker = null;
                }

                var result = results[mutant.Id] ? "killed" : "survived";
                Console.Error.WriteLine($"{results.Count} of {mutants.Count}: {result} {mutant.File}:{mutant.Line}: {mutant.Change}");
            }

            worker?.Dispose();
        }));
        return results;
    }

    private async Task<(bool Killed, bool IsUsable)> RunAsync(WorkerProcess worker, Mutant mutant, int[] tests)
    {
        if (tests.Length == 0)
            return (false, true);
        var command = $"run {mutant.Id} {string.Join(',', tests)}";
        var answer = await worker.AskAsync(command, line => line != "testing", Patience);
        if (answer is not [.., "poisoned"])
            return (answer is not [.., "survived"], answer is not null);

        // Tests failed without the mutant too, possibly for another reason, so the mutant is tested again in a new process.
        using var fresh = new WorkerProcess(folder);
        return (await fresh.AskAsync(command, line => line != "testing", Patience) is not [.., "survived"], false);
    }

    // The tests of the file first, then those that reach little else.
    private int[] Choose(Mutant mutant, IReadOnlyList<CoveringTest> tests)
    {
        var name = Path.GetFileNameWithoutExtension(mutant.File);
        return [.. tests.Where(test => test.Mutants.Contains(mutant.Id) && files.IsGuard(mutant.File, test.ClassName))
            .OrderByDescending(test => test.ClassName.Contains(name, StringComparison.Ordinal))
            .ThenBy(test => test.Milliseconds / 100).ThenBy(test => test.Mutants.Count)
            .Select(test => test.Index)];
    }

    private async Task CoverChunksAsync(Dictionary<int, string> classes)
    {
        using var worker = new WorkerProcess(folder);
        while (_chunks.TryDequeue(out var chunk))
        {
            var names = string.Join(", ", chunk.Select(test => classes[test]).Distinct());
            var answer = await worker.AskAsync($"cover {string.Join(',', chunk)}", line => line == "end", TimeSpan.FromMinutes(3))
                ?? throw new InvalidOperationException($"A test hangs without a mutant: one of {names}");
            foreach (var words in answer.SkipLast(1).Select(line => line.Split(' ')))
            {
                var test = int.Parse(words[0], null);
                if (words[1] == "failed")
                    Console.Error.WriteLine($"fails without a mutant, and is left out: a test of {classes[test]}");
                else if (words[3].Length > 0 && int.Parse(words[2], null) < LongestTest)
                    _tests.Add(new CoveringTest(test, classes[test], int.Parse(words[2], null), [.. words[3].Split(',').Select(hit => int.Parse(hit, null))]));
            }
        }
    }
}
