using System.CommandLine;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Keys;

/// <summary><c>jwks keys</c>: manages the signing keys in a store.</summary>
internal static class KeysCommand
{
    internal static Option<DirectoryInfo> Store { get; } =
        new("--store") { Description = "The folder of the key store", Required = true, HelpName = "folder" };

    internal static Option<bool> Force { get; } = new("--force") { Description = "Take the step although it is unsafe, and show the risk" };

    internal static Option<TimeSpan?> MaximumAge { get; } =
        Durations.Option("--max-age", "How long caches may keep the published set; saved in the store");

    internal static Option<TimeSpan?> TokenLifetime { get; } =
        Durations.Option("--token-lifetime", "The longest lifetime of a token; saved in the store");

    private static Option<string> Algorithm { get; } = CreateAlgorithm();

    public static Command Create() => new ExampleCommand(
        "keys",
        "Create, list, rotate, retire and revoke the signing keys of an issuer",
        "jwks keys new --store keys",
        "jwks keys rotate --store keys",
        "jwks keys revoke 2029-q4 --store keys && jwks refresh --from services.txt")
    {
        NewCommand.Create(),
        ListCommand.Create(),
        Promote(),
        Retire(),
        Revoke(),
        Rotate(),
        LimitCommand.Create(),
        ExportCommand.Create(),
    };

    internal static Option<string> CreateAlgorithm()
    {
        var option = new Option<string>("--alg")
        {
            Description = $"The JWS algorithm of new keys: {string.Join(", ", SigningKeyFactory.Algorithms)}",
            DefaultValueFactory = _ => "ES256",
        };
        option.AcceptOnlyFromAmong([.. SigningKeyFactory.Algorithms]);
        option.HelpName = "alg";
        return option;
    }

    private static ExampleCommand Promote()
    {
        var keyId = new Argument<string?>("kid") { Description = "The key. Default: the next key", Arity = ArgumentArity.ZeroOrOne };
        var command = new ExampleCommand(
            "promote", "Let the next key sign, and retire the current one", "jwks keys promote --store keys") { keyId, Store, Force };
        command.SetAction((parsed, cancellation) => KeySteps.TakeAsync(
            KeySteps.OpenExisting(parsed), parsed,
            (life, _) => life.Promote(parsed.GetValue(keyId), parsed.GetValue(Force)), cancellation));
        return command;
    }

    private static ExampleCommand Retire()
    {
        var keyId = new Argument<string>("kid") { Description = "The key" };
        var command = new ExampleCommand(
            "retire", "Withdraw a key that no longer signs", "jwks keys retire 2029-q4 --store keys") { keyId, Store, Force };
        command.SetAction((parsed, cancellation) => KeySteps.TakeAsync(
            KeySteps.OpenExisting(parsed), parsed,
            (life, _) => life.Retire(parsed.GetRequiredValue(keyId), parsed.GetValue(Force)), cancellation));
        return command;
    }

    private static ExampleCommand Revoke()
    {
        var keyId = new Argument<string>("kid") { Description = "The key" };
        var command = new ExampleCommand(
            "revoke",
            "Withdraw a key at once and delete it; if it was signing, another takes over",
            "jwks keys revoke 2029-q4 --store keys && jwks refresh --from services.txt")
        { keyId, Store, Algorithm };
        command.SetAction((parsed, cancellation) => KeySteps.TakeAsync(
            KeySteps.OpenExisting(parsed), parsed,
            (life, now) => life.Revoke(parsed.GetRequiredValue(keyId), () => CreateKey(parsed, now)), cancellation));
        return command;
    }

    private static ExampleCommand Rotate()
    {
        var command = new ExampleCommand(
            "rotate",
            "Take the next safe step: drop expired keys, promote the next key, publish another",
            "jwks keys rotate --store keys",
            "jwks keys rotate --store keys --force")
        { Store, Algorithm, Force };
        command.SetAction((parsed, cancellation) => KeySteps.TakeAsync(
            KeySteps.Open(parsed), parsed,
            (life, now) => life.Rotate(() => CreateKey(parsed, now), parsed.GetValue(Force)), cancellation));
        return command;
    }

    private static JwksStoredKey CreateKey(ParseResult parsed, DateTimeOffset now) =>
        SigningKeyFactory.Create(parsed.GetRequiredValue(Algorithm), null, now);
}
