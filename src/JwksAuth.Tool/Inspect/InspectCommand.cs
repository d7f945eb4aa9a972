using System.CommandLine;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Inspect;

/// <summary><c>jwks inspect</c>: the keys of an issuer, and what is wrong with them.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Target = new("source") { Description = "An issuer, the address of a JWKS, or a file" };

    public static Command Create()
    {
        Target.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError("The source is empty.");
        });
        var command = new ExampleCommand(
            "inspect",
            "Show the keys of an issuer and what is wrong with them",
            "jwks inspect https://login.example.com/realms/shop",
            "jwks inspect jwks.json --json")
        { Target };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var services = ToolHttp.CreateServices();
        using var client = services.CreateClient();
        var source = new KeySetSource(client);
        var (document, address) = await source.ReadAsync(parsed.GetRequiredValue(Target), cancellationToken);
        using (document)
        {
            var inspection = new KeySetInspector(TimeProvider.System).Inspect(address, document.RootElement, source.Findings);
            new ToolOutput(parsed).Write(inspection, console => Show(console, inspection));
            return inspection.HasErrors ? ExitCode.Refused : ExitCode.Done;
        }
    }

    private static void Show(IAnsiConsole console, Inspection inspection)
    {
        console.WriteLine(Terminal.Safe(inspection.Source));
        var keys = Terminal.CreateTable("kid", "type", "size", "use", "alg", "verifies");
        foreach (var key in inspection.Keys)
            keys.AddTextRow(
                key.IsUsable ? Terminal.Good : Terminal.Faint, key.KeyId ?? "-", key.KeyType ?? "-", key.Size ?? "-",
                key.Use ?? "-", key.Algorithm ?? "-", key.IsUsable ? "yes" : "no");
        console.Write(keys);
        foreach (var finding in inspection.Findings)
            console.WriteTextLine(
                $"{(finding.IsError ? "ERROR" : "note")}: {(finding.Subject is null ? "" : $"{finding.Subject}: ")}{finding.Text}",
                finding.IsError ? Terminal.Bad : Terminal.Notable);
        console.WriteLine($"{inspection.Keys.Count(key => key.IsUsable)} of {inspection.Keys.Count} keys can verify signatures.");
    }
}
