using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Explain;

/// <summary><c>jwks explain</c>: whether an API would accept a token, and why. The validator is the one that an API uses.</summary>
internal static class ExplainCommand
{
    private const string FromInput = "-";

    // A placeholder for a missing issuer (RFC 2606 section 2): such a token is refused before any keys are fetched.
    private const string NoIssuer = "https://issuer.invalid";

    private static readonly Argument<string[]> Token =
        new("token") { Description = "The token. Default, or '-': read it from the standard input", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Issuer =
        new("--issuer") { Description = "The issuer to trust. Default: the issuer named in the token" };
    private static readonly Option<FileInfo?> Jwks =
        new("--jwks") { Description = "Read the keys from this file instead of the issuer", HelpName = "file" };
    private static readonly Option<string[]> Audience = new("--audience") { Description = "The audiences to accept. Default: any" };

    public static Command Create()
    {
        // The parser would print the superfluous argument, which is the token if it comes after "Bearer".
        Token.Validators.Add(result =>
        {
            if (result.Tokens.Count > 1)
                result.AddError("Give one token, without 'Bearer' before it.");
        });
        var command = new ExampleCommand(
            "explain",
            "Show every check of a token, and which one fails",
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
        var keys = parsed.GetValue(Jwks) is { } file ? await File.ReadAllTextAsync(file.FullName, cancellationToken) : null;
        var issuer = parsed.GetValue(Issuer) ?? content.Issuer ?? NoIssuer;
        var knowsKeys = keys is not null || parsed.GetValue(Issuer) is not null || MayBeAsked(content.Issuer);
        var audiences = parsed.GetValue(Audience) ?? [];

        await using var trial = TokenTrial.Create(content, audiences, options =>
        {
            if (keys is null && knowsKeys)
                options.Authority = issuer;
            else
                (options.Issuer, options.Jwks) = (issuer, keys ?? NobodysKeys());
            options.RequireHttpsMetadata = !(Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.IsLoopback);
        });
        var expected = new Expectation(
            issuer == NoIssuer ? "the issuer named in the token" : issuer, audiences, TimeProvider.System.GetUtcNow(), trial.ClockSkew);
        var result = await trial.JudgeAsync(token, cancellationToken);
        var assumptions = AssumptionsOf(parsed, content, knowsKeys).ToList();
        var explanation = Explanation.Of(result, content, expected, knowsKeys) with { Assumptions = assumptions };
        output.Write(explanation, console => Show(console, explanation));
        return explanation.Failure switch
        {
            null => ExitCode.Done,
            JwksTokenFailure.KeysUnavailable => ExitCode.Unreachable,
            _ => ExitCode.Refused,
        };
    }

    // A token from a stranger must not choose any address of the network: only a host name over TLS, or this machine.
    private static bool MayBeAsked(string? issuer) => Uri.TryCreate(issuer, UriKind.Absolute, out var address)
        && ((address.Scheme == Uri.UriSchemeHttps && address.HostNameType == UriHostNameType.Dns)
            || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    // Replaces keys that must not be fetched; a verdict based on them is not shown.
    private static string NobodysKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}"}]}""";
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

        return WithoutScheme(token.Trim()) is { Length: > 0 } bare
            ? bare
            : throw new ToolException("No token: give it as an argument, or write it to the standard input.");
    }

    // Users often copy the whole header.
    private static string WithoutScheme(string token)
    {
        foreach (var prefix in (string[])["Authorization:", "Bearer ", "DPoP "])
        {
            if (token.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                token = token[prefix.Length..].Trim();
        }

        return token;
    }

    // An accepted token means little if it chose which issuer to trust.
    private static IEnumerable<string> AssumptionsOf(ParseResult parsed, TokenContent token, bool knowsKeys)
    {
        if (!knowsKeys && token.Issuer is not null)
            yield return "The keys of the issuer named in the token were not fetched: "
                + "give its address with --issuer, or a file with its keys with --jwks.";
        else if (parsed.GetValue(Issuer) is null && parsed.GetValue(Jwks) is null && token.Issuer is not null)
            yield return $"The issuer named in the token is trusted, and its keys were fetched from {token.Issuer}: "
                + "use --issuer to name the one that the API trusts.";
        else if (parsed.GetValue(Issuer) is null)
            yield return "The issuer named in the token is trusted: use --issuer to name the one that the API trusts.";
        if (parsed.GetValue(Audience) is null or [])
            yield return "Any audience is accepted: use --audience to name that of the API.";
    }

    internal static void Show(IAnsiConsole console, Explanation explanation)
    {
        var table = Terminal.CreateTable("check", "result", "expected", "actual");
        foreach (var check in explanation.Checks)
        {
            var (style, result) = check.Result switch
            {
                CheckResult.Passed => (Terminal.Good, "passed"),
                CheckResult.Failed => (Terminal.Bad, "failed"),
                _ => (Terminal.Faint, "not reached"),
            };
            table.AddTextRow(style, check.Name, result, check.Expected, check.Detail);
        }

        console.Write(table);
        if (explanation.Failure is null)
            console.WriteTextLine("Accepted.", Terminal.Good);
        else
            console.WriteTextLine($"Refused: {explanation.Description}.", Terminal.Bad);
        foreach (var assumption in explanation.Assumptions)
            console.WriteTextLine($"note: {assumption}", Terminal.Notable);
    }
}
