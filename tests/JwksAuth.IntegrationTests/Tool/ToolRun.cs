using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>One run of the <c>jwks</c> command.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>The build configuration of this repository.</summary>
    public static string Configuration { get; } = typeof(ToolRun).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public JsonNode Json => JsonNode.Parse(Output)!;

    /// <summary>Runs it in this process.</summary>
    public static async Task<ToolRun> InProcessAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var exitCode = await JwksCommand.RunAsync(arguments, output, error, CancellationToken.None);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs it as users do, as a separate process.</summary>
    public static Task<ToolRun> AsProcessAsync(params string[] arguments) => AsProcessAsync(arguments, []);

    /// <summary>The same, with variables in its environment.</summary>
    public static async Task<ToolRun> AsProcessAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = Command("src/JwksAuth.Tool", "jwks", arguments);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolRun(process.ExitCode, output, await error);
    }

    /// <summary>How to start a program of this repository that was built with the tests.</summary>
    public static ProcessStartInfo Command(string project, string assembly, params string[] arguments)
    {
        var folder = Path.Combine(Repository(), project);
        return new ProcessStartInfo("dotnet", [Path.Combine(folder, "bin", Configuration, "net10.0", assembly + ".dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    public static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
