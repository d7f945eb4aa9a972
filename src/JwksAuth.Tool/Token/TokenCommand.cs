using System.CommandLine;
using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.Tool.CommandLine;
using JwksAuth.Tool.Keys;

namespace JwksAuth.Tool.Token;

/// <summary><c>jwks token</c>: mints an access token with the current key of a store.</summary>
internal static class TokenCommand
{
    private static readonly Option<string> Issuer = new("--issuer") { Description = "iss", Required = true };
    private static readonly Option<string> Audience = new("--audience") { Description = "aud", Required = true };
    private static readonly Option<string> Subject = new("--subject") { Description = "sub", DefaultValueFactory = _ => "developer" };
    private static readonly Option<string?> Scope = new("--scope") { Description = "The scopes, separated by spaces" };
    private static readonly Option<string[]> Claims = new("--claim") { Description = "A further claim, name=value" };
    private static readonly Option<TimeSpan?> Lifetime =
        Durations.Option("--lifetime", "The lifetime; at most the token lifetime of the store. Default: 5m");

    public static Command Create()
    {
        Claims.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                result.AddError("--claim must have the form name=value.");
            if (result.Tokens.Select(token => token.Value.Split('=')[0]).FirstOrDefault(TokenMint.Registered.Contains) is { } name)
                result.AddError($"--claim cannot set '{name}': it has an option of its own, or is generated.");
        });
        var command = new ExampleCommand(
            "token",
            "Mint an access token with the current key",
            "jwks token --store keys --issuer http://localhost:5005 --audience orders-api")
        { KeysCommand.Store, Issuer, Audience, Subject, Scope, Claims, Lifetime };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = new ToolOutput(parsed);
        var store = KeySteps.OpenExisting(parsed);
        var longest = (await store.ReadAsync(cancellationToken)).TokenLifetime;
        var lifetime = parsed.GetValue(Lifetime) ?? TimeSpan.FromMinutes(Math.Min(5, longest.TotalMinutes));
        if (lifetime > longest)
        {
            output.Fail($"A token of {lifetime} would outlive the publication of its key: the store allows tokens of up to {longest}.");
            return ExitCode.Refused;
        }

        var request = new TokenRequest(
            parsed.GetRequiredValue(Issuer), parsed.GetRequiredValue(Audience), parsed.GetRequiredValue(Subject), parsed.GetValue(Scope))
        {
            Lifetime = lifetime,
            Claims = [.. (parsed.GetValue(Claims) ?? []).Select(claim => claim.Split('=', 2)).Select(pair => (pair[0], pair[1]))],
        };
        var token = await TokenMint.CreateAsync(request, new StoredSigningKeys(store), TimeProvider.System, cancellationToken);
        output.Write(new { Token = token, ExpiresIn = (long)lifetime.TotalSeconds }, _ => output.WriteLine(token));
        return ExitCode.Done;
    }

    private sealed class StoredSigningKeys(FolderKeyStore store) : IJwksSigningKeys
    {
        public async ValueTask<Microsoft.IdentityModel.Tokens.SigningCredentials> GetSigningCredentialsAsync(
            CancellationToken cancellationToken = default) =>
            SigningKeyRing.FindCurrent(await store.ReadAsync(cancellationToken));
    }
}
