using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace JwksAuth.Tool.CommandLine;

/// <summary>The usual help, for 80 columns, and then the examples of the command.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const int Columns = 80;

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
        if (parseResult.CommandResult.Command is not ExampleCommand { Examples.Count: > 0 } command)
            return ExitCode.Done;

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in command.Examples)
            output.WriteLine($"  {example}");
        return ExitCode.Done;
    }
}
