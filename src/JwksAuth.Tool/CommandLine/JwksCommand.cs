using System.CommandLine;
using System.CommandLine.Help;
using JwksAuth.Tool.Explain;
using JwksAuth.Tool.Inspect;
using JwksAuth.Tool.Keys;
using JwksAuth.Tool.Refresh;
using JwksAuth.Tool.Serve;
using JwksAuth.Tool.Token;

namespace JwksAuth.Tool.CommandLine;

internal static class JwksCommand
{
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var root = Create();
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        var parsed = root.Parse(arguments);
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception exception) when (exception is JwksKeyStoreException or ToolException or IOException or UnauthorizedAccessException)
        {
            new ToolOutput(parsed).Fail(exception.Message);
            return ExitCode.Unreachable;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Unreachable;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Manages the signing keys of a token issuer, and checks keys and tokens.")
        {
            InspectCommand.Create(),
            ExplainCommand.Create(),
            KeysCommand.Create(),
            RefreshCommand.Create(),
            ServeCommand.Create(),
            TokenCommand.Create(),
        };
        root.Options.Add(ToolOutput.Json);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
