using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Serve;

/// <param name="Settings">The settings of an API that trusts it.</param>
/// <param name="TokenCommand">A command that prints a token.</param>
internal sealed record ServeUsage(string Issuer, string Client, JsonObject Settings, string TokenCommand)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static ServeUsage Of(string issuer, string audience, string client, string store)
    {
        var scheme = new JsonObject { ["Authority"] = issuer, ["Audience"] = audience, ["RequireHttpsMetadata"] = false };
        var settings = new JsonObject { ["Authentication"] = new JsonObject { ["Schemes"] = new JsonObject { ["Bearer"] = scheme } } };
        return new ServeUsage(
            issuer, client, settings, $"jwks token --store {Quote(store)} --issuer {issuer} --audience {Quote(audience)}");
    }

    // Unwrapped lines, for pasting: a console would wrap them.
    public void Show(IAnsiConsole console)
    {
        var output = console.Profile.Out.Writer;
        output.WriteLine($"Issuer   {Issuer}");
        output.WriteLine($"Client   {Terminal.Safe(Client)}");
        output.WriteLine();
        output.WriteLine("Settings for an API that trusts it (appsettings.Development.json):");
        output.WriteLine(Settings.ToJsonString(Readable));
        output.WriteLine();
        output.WriteLine("A token:");
        output.WriteLine($"  {Terminal.Safe(TokenCommand)}");
        output.WriteLine();
        output.WriteLine("Ctrl+C ends it.");
    }

    private static string Quote(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:~\\".Contains(character, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
