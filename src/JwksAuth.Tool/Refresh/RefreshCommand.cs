using System.CommandLine;
using JwksAuth.Requests;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Refresh;

/// <summary><c>jwks refresh</c>: makes running services fetch their keys now.</summary>
internal static class RefreshCommand
{
    private const string TokenVariable = "JWKS_TOKEN";
    private const int MostAtOnce = 32;
    private const int UsualRetries = 3;
    private const int ThumbprintLine = 45; // a kid that is a SHA-256 thumbprint, with its sign

    private static readonly Argument<string[]> Urls =
        new("url") { Description = "The status addresses of the services, as given to MapJwksStatus", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<FileInfo?> From =
        new("--from") { Description = "A file with one address per line; # begins a comment", HelpName = "file" };
    private static readonly Option<FileInfo?> Token =
        new("--token-file") { Description = $"A file with the access token to send. Default: {TokenVariable}", HelpName = "file" };
    private static readonly Option<string?> Issuer = new("--issuer") { Description = "Refresh only the keys of this issuer" };
    private static readonly Option<int?> Retries = Numbers.Option("--retries", $"The number of retries. Default: {UsualRetries}", 0, 20);

    public static Command Create()
    {
        var command = new ExampleCommand(
            "refresh",
            "Make running services refresh their keys",
            "jwks refresh http://localhost:5001/_jwks http://localhost:5002/_jwks",
            "jwks refresh --from services.txt --token-file operator.token --json")
        { Urls, From, Token, Issuer, Retries };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = new ToolOutput(parsed);
        var addresses = await ReadAddressesAsync(parsed, cancellationToken);
        if (addresses.Count == 0)
        {
            output.Fail("No service to refresh: give addresses, or a file with --from.");
            return ExitCode.Usage;
        }

        await using var services = ToolHttp.CreateServices();
        using var client = services.CreateClient();
        var token = Secrets.Read(TokenVariable, await OptionFile.ReadAsync(parsed, Token, cancellationToken));
        if (token is not null && !AuthorizationHeader.IsWellFormed(token))
            throw new ToolException(
                $"The text from --token-file or {TokenVariable} is not an access token: "
                    + "it contains invalid characters, such as line breaks.");
        var caller = new RefreshCaller(client, token, parsed.GetValue(Issuer), parsed.GetValue(Retries) ?? UsualRetries);
        var results = await CallAllAsync(caller, addresses, output, cancellationToken);
        output.Write(new { Services = results }, console => Show(console, results));
        return results.All(result => result.IsRefreshed) ? ExitCode.Done : ExitCode.Unreachable;
    }

    private static async Task<IReadOnlyList<ServiceResult>> CallAllAsync(
        RefreshCaller caller, IReadOnlyList<string> addresses, ToolOutput output, CancellationToken cancellationToken)
    {
        var results = new ServiceResult[addresses.Count];
        await output.Notes.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Refreshing", maxValue: addresses.Count);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Enumerable.Range(0, addresses.Count), parallel, async (index, cancellation) =>
            {
                results[index] = await caller.RefreshAsync(addresses[index], cancellation);
                bar.Increment(1);
            });
        });
        return results;
    }

    private static async Task<IReadOnlyList<string>> ReadAddressesAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] lines = (await OptionFile.ReadAsync(parsed, From, cancellationToken))?.Split('\n') ?? [];
        return [.. (parsed.GetValue(Urls) ?? []).Concat(lines.Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0))
            .Distinct(StringComparer.Ordinal)];
    }

    private static List<string> ChangesOf(ServiceResult result) =>
        [.. result.Added.Select(keyId => $"+ {keyId}"), .. result.Removed.Select(keyId => $"- {keyId}")];

    private static void Show(IAnsiConsole console, IReadOnlyList<ServiceResult> results)
    {
        var rows = results.Select(result => (Result: result, Changes: ChangesOf(result))).ToList();
        var table = Terminal.CreateTable("service", "kids added (+) and removed (-)");
        table.Columns[1].NoWrap = rows.SelectMany(row => row.Changes).All(change => change.Length <= ThumbprintLine);
        foreach (var (result, changes) in rows)
            table.AddRow(Terminal.Lines(result.IsRefreshed ? Terminal.Good : Terminal.Bad, result.Service, result.Outcome),
                Terminal.Lines(null, changes));

        console.Write(table);
        console.WriteLine($"{results.Count(result => result.IsRefreshed)} of {results.Count} services refreshed.");
    }
}
