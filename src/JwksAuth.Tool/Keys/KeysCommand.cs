using System.CommandLine;
using JwksAuth.Publishing;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Keys;

/// <summary><c>jwks keys</c>: the life of the signing keys in a store.</summary>
internal static class KeysCommand
{
    internal static Option<DirectoryInfo> Store { get; } = new("--store")
    {
        Description = "The folder of the key store",
        Required = true,
        HelpName = "folder",
    };

    internal static Option<bool> Force { get; } = new("--force") { Description = "Do it although it is unsafe, and name the risk" };

    private static Option<string> Algorithm { get; } = CreateAlgorithm();

    public static Command Create() => new ExampleCommand(
        "keys",
        "Make, list, rotate, retire and revoke the signing keys of an issuer",
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
        var keyId = new Argument<string?>("kid") { Description = "The key; the next one if left out", Arity = ArgumentArity.ZeroOrOne };
        var command = new ExampleCommand("promote", "Let the next key sign, and retire the current one", "jwks keys promote --store keys") { keyId, Store, Force };
        command.SetAction((parsed, cancellation) =>
            KeySteps.TakeAsync(parsed, (life, _) => life.Promote(parsed.GetValue(keyId), parsed.GetValue(Force)), cancellation));
        return command;
    }

    private static ExampleCommand Retire()
    {
        var keyId = new Argument<string>("kid") { Description = "The key" };
        var command = new ExampleCommand("retire", "Withdraw a key that signs no more", "jwks keys retire 2029-q4 --store keys") { keyId, Store, Force };
        command.SetAction((parsed, cancellation) =>
            KeySteps.TakeAsync(parsed, (life, _) => life.Retire(parsed.GetRequiredValue(keyId), parsed.GetValue(Force)), cancellation));
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
            parsed, (life, now) => life.Revoke(parsed.GetRequiredValue(keyId), () => SigningKeyFactory.Create(parsed.GetRequiredValue(Algorithm), null, now)), cancellation));
        return command;
    }

    private static ExampleCommand Rotate()
    {
        var command = new ExampleCommand(
            "rotate",
            "Take the next safe step: drop what is over, promote the next key, publish another",
            "jwks keys rotate --store keys",
            "jwks keys rotate --store keys --force")
        { Store, Algorithm, Force };
        command.SetAction((parsed, cancellation) => KeySteps.TakeAsync(
            parsed, (life, now) => life.Rotate(() => SigningKeyFactory.Create(parsed.GetRequiredValue(Algorithm), null, now), parsed.GetValue(Force)), cancellation));
        return command;
    }
}
