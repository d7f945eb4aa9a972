using System.CommandLine;
using System.Security.Cryptography;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Keys.Reading;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Keys;

/// <summary><c>jwks keys new</c>: creates or imports a key.</summary>
internal static class NewCommand
{
    private const string PasswordVariable = "JWKS_PASSWORD";
    private const string KeyIdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly Option<string?> KeyId = new("--kid") { Description = "The kid. Default: the thumbprint (RFC 7638)" };
    private static readonly Option<int?> KeyIdLength =
        Numbers.Option("--kid-length", "Create a random kid with this number of characters", 8, JwkReader.MaximumKeyIdLength);
    private static readonly Option<string> Algorithm = KeysCommand.CreateAlgorithm();
    private static readonly Option<FileInfo?> From = new("--from")
    {
        Description = $"Import the key and its certificates from a PEM or PKCS #12 file; the password is read from {PasswordVariable}",
    };

    public static Command Create()
    {
        KeyId.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } keyId && keyId.Length is 0 or > JwkReader.MaximumKeyIdLength)
                result.AddError($"--kid must have 1 to {JwkReader.MaximumKeyIdLength} characters.");
        });
        var command = new ExampleCommand(
            "new",
            "Create a key: the current one if there is none, otherwise the next one",
            "jwks keys new --store keys --max-age 5m --token-lifetime 1h",
            "jwks keys new --store keys --alg RS256 --kid 2030-q1",
            "JWKS_PASSWORD=… jwks keys new --store keys --from issuer.pfx")
        { KeysCommand.Store, KeyId, KeyIdLength, Algorithm, From, KeysCommand.MaximumAge, KeysCommand.TokenLifetime, KeysCommand.Force };
        command.Validators.Add(result =>
        {
            if (result.GetResult(KeyId) is not null && result.GetResult(KeyIdLength) is not null)
                result.AddError("--kid and --kid-length cannot be combined.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var keyId = parsed.GetValue(KeyId)
            ?? (parsed.GetValue(KeyIdLength) is { } length ? RandomNumberGenerator.GetString(KeyIdCharacters, length) : null);
        var pem = parsed.GetValue(From) is { } file ? await ReadAsync(file, cancellationToken) : null;
        return await KeySteps.TakeAsync(
            KeySteps.Open(parsed),
            parsed,
            (life, now) => life.Bind(
                parsed.GetValue(KeysCommand.MaximumAge), parsed.GetValue(KeysCommand.TokenLifetime), parsed.GetValue(KeysCommand.Force))
                .Then(life, bound => bound.Add(CreateKey(parsed, pem, keyId, now))),
            cancellationToken);
    }

    private static JwksStoredKey CreateKey(ParseResult parsed, string? pem, string? keyId, DateTimeOffset now)
    {
        if (pem is null)
            return SigningKeyFactory.Create(parsed.GetRequiredValue(Algorithm), keyId, now);

        var asked = parsed.GetResult(Algorithm) is { Implicit: false } ? parsed.GetValue(Algorithm) : null;
        var (key, fault) = SigningKeyFactory.FromPem(pem, asked, keyId, now);
        return key ?? throw new ToolException($"'{parsed.GetValue(From)}' {fault}.");
    }

    private static async Task<string> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var password = Secrets.Read(PasswordVariable, file: null);
        var pem = file.Extension.ToUpperInvariant() is ".PFX" or ".P12"
            ? SigningKeyFactory.ToPem(await File.ReadAllBytesAsync(file.FullName, cancellationToken), password)
            : SigningKeyFactory.Decrypt(await File.ReadAllTextAsync(file.FullName, cancellationToken), password);
        return pem ?? throw new ToolException($"'{file}' contains no private key, or its password ({PasswordVariable}) is wrong.");
    }
}
