using System.CommandLine;
using JwksAuth.Publishing;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Keys;

/// <summary>Takes a step on the store of the command line and says what came of it.</summary>
internal static class KeySteps
{
    public static FolderKeyStore Open(ParseResult parsed) => new(parsed.GetRequiredValue(KeysCommand.Store).FullName);

    public static async Task<int> TakeAsync(
        ParseResult parsed, Func<LifeCycle, DateTimeOffset, LifeCycleStep> decide, CancellationToken cancellationToken)
    {
        var step = await new StoreLifeCycle(Open(parsed), TimeProvider.System).ApplyAsync(decide, cancellationToken);
        new ToolOutput(parsed).Write(new { step.Done, step.Refusal, step.Risk }, console => Show(console, step));
        return step.Refusal is null ? ExitCode.Done : ExitCode.Refused;
    }

    private static void Show(IAnsiConsole console, LifeCycleStep step)
    {
        foreach (var done in step.Done)
            console.WriteLine(Terminal.Safe(done));
        if (step.Refusal is { } refusal)
            console.WriteLine($"Refused: {Terminal.Safe(refusal)}");
        if (step.Risk is { } risk)
            console.WriteLine($"{(step.Refusal is null ? "Risk" : "The risk with --force")}: {Terminal.Safe(risk)}");
    }
}
