using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>A key store in a temporary folder.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-tool-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "keys");

    /// <summary>A file next to the store.</summary>
    public string Beside(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public Task<ToolRun> KeysAsync(params string[] arguments) => ToolRun.InProcessAsync(["keys", .. arguments, "--store", Path]);

    public async Task<JsonNode> ListAsync()
    {
        var list = await KeysAsync("list", "--json");
        Assert.Equal(0, list.ExitCode);
        return list.Json;
    }

    /// <summary>The states with their kids, in the order of the store.</summary>
    public async Task<IReadOnlyList<(string State, string KeyId)>> StatesAsync() =>
        [.. (await ListAsync())["keys"]!.AsArray().Select(key => ((string)key!["state"]!, (string)key["keyId"]!))];

    /// <summary>Asserts that the store can be read, and has one current key and the file of each key.</summary>
    public async Task AssertWholeAsync()
    {
        var states = await StatesAsync();
        Assert.Single(states, key => key.State == "current");
        Assert.Equal(0, (await KeysAsync("export")).ExitCode);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
