using System.CommandLine;
using System.Text;
using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.OwnKeys.Publishing;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Keys;

/// <summary><c>jwks keys export</c>: the public set, as <c>MapJwks</c> publishes it; and, into a file, the private key.</summary>
internal static class ExportCommand
{
    private static readonly Option<bool> DropPrevious =
        new("--drop-previous") { Description = "Omit keys that no longer sign; their tokens will be refused" };
    private static readonly Option<FileInfo?> PrivateKey = new("--private-key")
    {
        Description = "Write the current private key to this file as PEM, mode 0600; it must not exist",
        HelpName = "file",
    };

    public static Command Create()
    {
        var command = new ExampleCommand(
            "export",
            "Write the public keys as a JWKS",
            "jwks keys export --store keys > jwks.json",
            "jwks keys export --store keys --private-key signing.pem > jwks.json")
        { KeysCommand.Store, DropPrevious, PrivateKey };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stored = await KeySteps.OpenExisting(parsed).ReadAsync(cancellationToken);
        var dropped = parsed.GetValue(DropPrevious) ? JwksSigningKeyState.Retiring : JwksSigningKeyState.Revoked;
        var keys = stored.Keys.Where(key => key.State != dropped && key.State != JwksSigningKeyState.Revoked).ToList();
        if (keys.Count == 0)
            throw new ToolException("The store has no keys to export: create one with 'jwks keys new'.");

        if (parsed.GetValue(PrivateKey) is { } file)
            await WritePrivateAsync(file, keys, cancellationToken);
        var published = SigningKeyRing.Publish(stored with { Keys = keys });
        new ToolOutput(parsed).WriteLine(Encoding.UTF8.GetString(JwksDocument.Of([published]).Body));
        return ExitCode.Done;
    }

    private static async Task WritePrivateAsync(FileInfo file, List<JwksStoredKey> keys, CancellationToken cancellationToken)
    {
        if (file.Exists)
            throw new ToolException($"'{file}' exists: refusing to overwrite it with a private key.");
        var current = keys.FirstOrDefault(key => key.State == JwksSigningKeyState.Current)
            ?? throw new ToolException("The store has no current key.");
        await AtomicFile.WriteAsync(file.FullName, Encoding.UTF8.GetBytes(current.Pem!), cancellationToken);
    }
}
