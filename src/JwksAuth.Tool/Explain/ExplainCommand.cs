using System.CommandLine;
using JwksAuth.Bearer;
using JwksAuth.Tool.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace JwksAuth.Tool.Explain;

/// <summary><c>jwks explain</c>: what an API would say of a token, and why. The judge is the one that an API has.</summary>
internal static class ExplainCommand
{
    private const string FromInput = "-";
    private const string Scheme = "Bearer";

    // Stands for an issuer that nobody named (RFC 2606 section 2): such a token is refused before anybody is asked for keys.
    private const string NoIssuer = "https://issuer.invalid";

    private static readonly Argument<string[]> Token = new("token") { Description = "The token; left out or '-', it is read from the standard input", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Issuer = new("--issuer") { Description = "The issuer to trust; left out, the one that the token names" };
    private static readonly Option<FileInfo?> Jwks = new("--jwks") { Description = "Take the keys from this file in place of the issuer", HelpName = "file" };
    private static readonly Option<string[]> Audience = new("--audience") { Description = "The audiences to accept; left out, any" };

    public static Command Create()
    {
        // The parser would name what is too much, and that is the token where "Bearer" stands before it.
        Token.Validators.Add(result =>
        {
            if (result.Tokens.Count > 1)
                result.AddError("There is to be one token, without 'Bearer' before it.");
        });
        var command = new ExampleCommand(
            "explain",
            "Show every check that a token goes through, and where it fails",
            "jwks explain --audience orders-api < token.txt",
            "jwks explain --issuer https://login.example.com --jwks jwks.json < token.txt")
        { Token, Issuer, Jwks, Audience };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = new ToolOutput(parsed);
        var token = await ReadTokenAsync(parsed, output, cancellationToken);
        var content = TokenContent.Read(token);
        var issuer = parsed.GetValue(Issuer) ?? content.Issuer ?? NoIssuer;
        var keys = parsed.GetValue(Jwks) is { } file ? await File.ReadAllTextAsync(file.FullName, cancellationToken) : null;

        await using var services = CreateServices(issuer, keys, parsed.GetValue(Audience) ?? []);
        if (services.GetRequiredService<BearerPlans>().Of(Scheme).Faults is { Count: > 0 } faults)
            throw new ToolException($"A token cannot be judged with this issuer and these keys: {string.Join("; ", faults).TrimEnd('.')}.");
        var result = await services.GetRequiredService<IJwksTokenValidator>().ValidateBoundAsync(token, cancellationToken: cancellationToken);
        var explanation = Explanation.Of(result, content) with { Assumptions = [.. AssumptionsOf(parsed)] };
        output.Write(explanation, console => Show(console, explanation));
        return explanation.Failure switch
        {
            null => ExitCode.Done,
            JwksTokenFailure.KeysUnavailable => ExitCode.Unreachable,
            _ => ExitCode.Refused,
        };
    }

    private static async Task<string> ReadTokenAsync(ParseResult parsed, ToolOutput output, CancellationToken cancellationToken)
    {
        var token = parsed.GetValue(Token) is [var named] ? named : FromInput;
        if (token == FromInput)
        {
            if (!Console.IsInputRedirected)
                output.Notes.WriteLine("Paste the token and end with Ctrl+D (Ctrl+Z and Enter on Windows).");
            token = await Console.In.ReadToEndAsync(cancellationToken);
        }

        return token.Trim() is { Length: > 0 } trimmed ? trimmed : throw new ToolException("There is no token: name it, or write it to the standard input.");
    }

    // An accepted token means little if it chose its own judge.
    private static IEnumerable<string> AssumptionsOf(ParseResult parsed)
    {
        if (parsed.GetValue(Issuer) is null)
            yield return "The issuer is the one that the token names: --issuer says which one the API trusts.";
        if (parsed.GetValue(Audience) is null or [])
            yield return "Any audience is accepted: --audience says which one the API is.";
    }

    private static ServiceProvider CreateServices(string issuer, string? keys, string[] audiences)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddJwksTokenValidator(Scheme, options =>
        {
            if (keys is null)
                options.Authority = issuer;
            else
                (options.Issuer, options.Jwks) = (issuer, keys);
            options.RequireHttpsMetadata = !(Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.IsLoopback);
            options.AcceptAnyAudience = audiences.Length == 0;
            options.TokenValidationParameters.ValidAudiences = audiences;
        });
        return services.BuildServiceProvider();
    }

    private static void Show(IAnsiConsole console, Explanation explanation)
    {
        var table = Terminal.CreateTable("check", "result", "of the token");
        foreach (var check in explanation.Checks)
            table.AddTextRow(check.Name, check.Result == CheckResult.NotReached ? "not reached" : check.Result.ToString().ToLowerInvariant(), check.Detail);
        console.Write(table);
        console.WriteLine(explanation.Failure is null ? "Accepted." : $"Refused: {explanation.Description}.");
        foreach (var assumption in explanation.Assumptions)
            console.WriteLine($"note: {assumption}");
    }
}
