using System.CommandLine;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Keys;

/// <summary><c>jwks keys list</c>: the keys, their states, and when their next steps are safe.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new ExampleCommand(
            "list", "Show the keys and when the next step is safe", "jwks keys list --store keys --json") { KeysCommand.Store };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stored = await KeySteps.OpenExisting(parsed).ReadAsync(cancellationToken);
        var lines = stored.Keys.Select(key => KeyLine.Of(key, stored)).ToList();
        new ToolOutput(parsed).Write(
            new { stored.Version, stored.MaximumAge, stored.TokenLifetime, Keys = lines },
            console => Show(console, stored, lines));
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, JwksStoredKeys stored, List<KeyLine> lines)
    {
        if (lines.Count == 0)
        {
            console.WriteLine("The store has no keys: create one with 'jwks keys new'.");
            return;
        }

        var table = Terminal.CreateTable("kid", "state", "alg", "then");
        foreach (var line in lines)
            table.AddTextRow(line.KeyId, line.State, line.Algorithm, $"{line.Then} {Terminal.Of(line.ThenAt)}".TrimEnd());
        console.Write(table);
        console.WriteLine($"Published with max-age {stored.MaximumAge}; tokens are valid for up to {stored.TokenLifetime}.");
    }

    private sealed record KeyLine(
        string KeyId, string State, string Algorithm, DateTimeOffset CreatedAt, DateTimeOffset Since, string Then, DateTimeOffset? ThenAt)
    {
        public static KeyLine Of(JwksStoredKey key, JwksStoredKeys stored) => new(
            key.KeyId,
            key.State.ToString().ToLowerInvariant(),
            key.Algorithm,
            key.CreatedAt,
            key.RevokedAt ?? key.RetiredAt ?? key.PromotedAt ?? key.CreatedAt,
            key.State switch
            {
                JwksSigningKeyState.Next => "may sign after",
                JwksSigningKeyState.Retiring => "may be dropped at",
                JwksSigningKeyState.Revoked => "forgotten at",
                _ => "signs",
            },
            key.State switch
            {
                JwksSigningKeyState.Next => key.CreatedAt + stored.MaximumAge,
                JwksSigningKeyState.Retiring => key.RetiredAt + stored.TokenLifetime,
                JwksSigningKeyState.Revoked => key.RevokedAt + stored.TokenLifetime,
                _ => null,
            });
    }
}
