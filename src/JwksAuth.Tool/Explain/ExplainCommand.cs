using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using JwksAuth.Tool.CommandLine;
using Spectre.Console;

namespace JwksAuth.Tool.Explain;

/// <summary><c>jwks explain</c>: what an API would say of a token, and why. The judge is the one that an API has.</summary>
internal static class ExplainCommand
{
    private const string FromInput = "-";

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
        var expected = new Expectation(issuer == NoIssuer ? "the one that the token names" : issuer, audiences, TimeProvider.System.GetUtcNow(), trial.ClockSkew);
        var explanation = Explanation.Of(await trial.JudgeAsync(token, cancellationToken), content, expected, knowsKeys) with { Assumptions = [.. AssumptionsOf(parsed, content, knowsKeys)] };
        output.Write(explanation, console => Show(console, explanation));
        return explanation.Failure switch
        {
            null => ExitCode.Done,
            JwksTokenFailure.KeysUnavailable => ExitCode.Unreachable,
            _ => ExitCode.Refused,
        };
    }

    // A stranger's token does not choose which address of the network is called: a server by its name over TLS, or this machine, where development issuers are.
    private static bool MayBeAsked(string? issuer) => Uri.TryCreate(issuer, UriKind.Absolute, out var address)
        && ((address.Scheme == Uri.UriSchemeHttps && address.HostNameType == UriHostNameType.Dns) || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    // In place of keys that cannot be asked for; a verdict by them is not shown.
    private static string NobodysKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""";
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

        return WithoutScheme(token.Trim()) is { Length: > 0 } bare ? bare : throw new ToolException("There is no token: name it, or write it to the standard input.");
    }

    // People copy the whole header.
    private static string WithoutScheme(string token)
    {
        foreach (var prefix in (string[])["Authorization:", "Bearer ", "DPoP "])
        {
            if (token.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                token = token[prefix.Length..].Trim();
        }

        return token;
    }

    // An accepted token means little if it chose its own judge.
    private static IEnumerable<string> AssumptionsOf(ParseResult parsed, TokenContent token, bool knowsKeys)
    {
        if (!knowsKeys && token.Issuer is not null)
            yield return "The issuer that the token names is not asked for its keys: name its address with --issuer, or a file with its keys with --jwks.";
        else if (parsed.GetValue(Issuer) is null && parsed.GetValue(Jwks) is null && token.Issuer is not null)
            yield return $"The issuer is the one that the token names, and {token.Issuer} was asked for its keys: --issuer says which one the API trusts.";
        else if (parsed.GetValue(Issuer) is null)
            yield return "The issuer is the one that the token names: --issuer says which one the API trusts.";
        if (parsed.GetValue(Audience) is null or [])
            yield return "Any audience is accepted: --audience says which one the API is.";
    }

    internal static void Show(IAnsiConsole console, Explanation explanation)
    {
        var table = Terminal.CreateTable("check", "result", "expected", "of the token");
        foreach (var check in explanation.Checks)
        {
            var style = check.Result switch { CheckResult.Passed => Terminal.Good, CheckResult.Failed => Terminal.Bad, _ => Terminal.Faint };
            table.AddTextRow(style, check.Name, check.Result == CheckResult.NotReached ? "not reached" : check.Result.ToString().ToLowerInvariant(), check.Expected, check.Detail);
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
