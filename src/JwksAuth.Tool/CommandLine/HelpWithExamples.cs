using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace JwksAuth.Tool.CommandLine;

/// <summary>The usual help, wrapped at 80 columns, followed by the examples of the command.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const int Columns = 80;

    private static readonly string[] FirstSteps =
    [
        "jwks inspect https://login.example.com/realms/shop",
        "jwks explain --audience orders-api < token.txt",
        "jwks serve --store keys",
    ];

    private readonly HelpAction _usual;

    public HelpWithExamples(HelpAction usual)
    {
        usual.MaxWidth = Columns;
        _usual = usual;
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in parseResult.CommandResult.Command is ExampleCommand command ? command.Examples : FirstSteps)
            output.WriteLine($"  {example}");
        return ExitCode.Done;
    }
}
