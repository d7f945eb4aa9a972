using System.Diagnostics;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>A key store with several processes, killed processes, and a full disk.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private const int Stores = 4;
    private const int DeathsPerStore = 25;

    private readonly StoreFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_process_killed_during_a_write_leaves_a_complete_store()
    {
        var interrupted = await Task.WhenAll(Enumerable.Range(0, Stores).Select(_ => KillWritersAsync()));

        Assert.InRange(interrupted.Sum(), 1, Stores * DeathsPerStore); // or nothing was cut off
    }

    [Fact]
    public async Task Processes_that_rotate_one_store_at_once_take_turns()
    {
        await _store.KeysAsync("rotate");

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ToolRun.AsProcessAsync("keys", "rotate", "--force", "--store", _store.Path)));

        Assert.All(runs, run => Assert.Equal(0, run.ExitCode));
        await _store.AssertWholeAsync();
        Assert.Equal(5, (int)(await _store.ListAsync())["version"]!);
        Assert.Equal(4, (await _store.StatesAsync()).Count(key => key.State == "retiring"));
    }

    [SkippableFact]
    public async Task A_full_disk_and_a_read_only_folder_are_named_and_change_nothing()
    {
        using var disk = SmallDisk.TryMount(_store.Beside("disk"));
        Skip.If(disk is null, "A disk of its own takes the rights of root on Linux.");
        var store = Path.Combine(disk.Path, "keys");
        await ToolRun.InProcessAsync("keys", "rotate", "--store", store);
        var before = await ToolRun.InProcessAsync("keys", "list", "--store", store, "--json");

        disk.Fill();
        var full = await ToolRun.InProcessAsync("keys", "rotate", "--force", "--store", store);
        Assert.Equal(3, full.ExitCode);
        Assert.Contains("No space left on device", full.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("it is unchanged", full.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(before.Output, (await ToolRun.InProcessAsync("keys", "list", "--store", store, "--json")).Output);

        disk.Free();
        disk.MakeReadOnly();
        var closed = await ToolRun.InProcessAsync("keys", "rotate", "--force", "--store", store);
        Assert.Equal(3, closed.ExitCode);
        Assert.Contains("cannot be written", closed.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(before.Output, (await ToolRun.InProcessAsync("keys", "list", "--store", store, "--json")).Output);
    }

    /// <returns>How many writers died before their change took effect.</returns>
    private static async Task<int> KillWritersAsync()
    {
        using var store = new StoreFolder();
        await store.KeysAsync("rotate");
        var interrupted = 0;
        for (var death = 0; death < DeathsPerStore; death++)
        {
            var before = (int)(await store.ListAsync())["version"]!;
            await KillWriterAsync(store, folderEvents: 1 + (death % 6));

            await store.AssertWholeAsync();
            var after = (int)(await store.ListAsync())["version"]!;
            Assert.InRange(after, before, before + 1);
            interrupted += after == before ? 1 : 0;
        }

        Assert.Equal(0, (await store.KeysAsync("rotate", "--force")).ExitCode);
        Assert.Equal((await store.StatesAsync()).Count, Directory.GetFiles(store.Path, "*.pem").Length); // what the dead left is swept up
        return interrupted;
    }

    /// <summary>Starts a rotation and kills it after this number of changes in its folder.</summary>
    private static async Task KillWriterAsync(StoreFolder store, int folderEvents)
    {
        using var process = new Process { StartInfo = ToolRun.Command("src/JwksAuth.Tool", "jwks", "keys", "rotate", "--force", "--store", store.Path) };
        using var watcher = new FileSystemWatcher(store.Path);
        var seen = 0;
        FileSystemEventHandler kill = (_, _) =>
        {
            if (Interlocked.Increment(ref seen) == folderEvents)
                process.Kill();
        };
        watcher.Created += kill;
        watcher.Changed += kill;
        watcher.Deleted += kill;
        watcher.EnableRaisingEvents = true;
        process.Start();
        await process.WaitForExitAsync();
    }
}
