using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace JwksAuth.Tool.CommandLine;

/// <summary>Writes the result of a command: as text, or as JSON for scripts.</summary>
internal sealed class ToolOutput(ParseResult parsed)
{
    private const int Columns = 80;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default,
    };

    private readonly TextWriter _output = parsed.InvocationConfiguration.Output;

    public static Option<bool> Json { get; } = new("--json") { Description = "Write the result as JSON", Recursive = true };

    public bool IsJson => parsed.GetValue(Json);

    public void Write<T>(T document, Action<IAnsiConsole> show)
    {
        if (IsJson)
            _output.WriteLine(JsonSerializer.Serialize(document, Options));
        else
            show(CreateConsole(_output));
    }

    public void WriteLine(string text) => _output.WriteLine(text);

    /// <summary>Progress and warnings, which are not part of the result.</summary>
    public IAnsiConsole Notes => CreateConsole(parsed.InvocationConfiguration.Error);

    public void Warn(string message) => parsed.InvocationConfiguration.Error.WriteLine($"warning: {Terminal.Safe(message)}");

    /// <summary>Reports an error: as JSON on the standard output, or as text on the terminal.</summary>
    public void Fail(string message)
    {
        if (IsJson)
            _output.WriteLine(JsonSerializer.Serialize(new { error = message }, Options));
        else
            parsed.InvocationConfiguration.Error.WriteLine(Terminal.Safe(message));
    }

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = output.IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (console.Profile.Width < Columns || !output.IsTerminal)
            console.Profile.Width = Columns;
        return console;
    }
}
