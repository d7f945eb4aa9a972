using System.Diagnostics;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>The tool as users get it: packed, installed from a folder, and run.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private const string Version = "0.0.1-test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-tool-package-");

    private string Packages => Path.Combine(_folder.FullName, "packages");

    private string Tools => Path.Combine(_folder.FullName, "tools");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_is_packed_installed_and_run()
    {
        var project = Path.Combine(ToolRun.Repository(), "src", "JwksAuth.Tool");
        await RunAsync("dotnet", "pack", project, "-c", ToolRun.Configuration, "--no-build", "-o", Packages, $"-p:MinVerVersionOverride={Version}");
        await RunAsync("dotnet", "tool", "install", "JwksAuth.Tool", "--tool-path", Tools, "--source", Packages, "--version", Version);

        var help = await RunAsync(Path.Combine(Tools, "jwks"), "keys", "--help");

        Assert.Contains("jwks keys [command] [options]", help, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_NOLOGO"] = "true" }, // no process may outlive the test
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
