using System.CommandLine;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Keys;

/// <summary>Takes a step on the store of the command line and shows the result.</summary>
internal static class KeySteps
{
    /// <summary>The store of the command line; the next step creates it if there is none.</summary>
    public static FolderKeyStore Open(ParseResult parsed) => new(
        parsed.GetRequiredValue(KeysCommand.Store).FullName,
        (path, mode) => new ToolOutput(parsed).Warn(
            $"Other users of this machine can read or change '{path}' ({mode}): give the folder mode 0700 and its files mode 0600."));

    /// <exception cref="ToolException">There is no store.</exception>
    public static FolderKeyStore OpenExisting(ParseResult parsed) => Open(parsed) is { Exists: true } store
        ? store
        : throw new ToolException(
            $"There is no key store in '{parsed.GetRequiredValue(KeysCommand.Store).FullName}': "
                + "check --store, or create one with 'jwks keys new'.");

    public static async Task<int> TakeAsync(
        FolderKeyStore store, ParseResult parsed, Func<KeyLifeCycle, DateTimeOffset, LifeCycleStep> decide,
        CancellationToken cancellationToken)
    {
        var step = await new StoreLifeCycle(store, TimeProvider.System).ApplyAsync(decide, cancellationToken);
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
