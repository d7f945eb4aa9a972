using System.CommandLine;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Keys;

/// <summary><c>jwks keys limit</c>: changes the durations of a store, which <c>new</c> can set only while there is no next key.</summary>
internal static class LimitCommand
{
    public static Command Create()
    {
        var command = new ExampleCommand(
            "limit",
            "Change how long caches may keep the set, and how long tokens are valid",
            "jwks keys limit --token-lifetime 8h --store keys")
        { KeysCommand.Store, KeysCommand.MaximumAge, KeysCommand.TokenLifetime, KeysCommand.Force };
        command.SetAction((parsed, cancellation) => KeySteps.TakeAsync(
            KeySteps.Open(parsed), parsed, (life, _) => Limit(life, parsed), cancellation));
        return command;
    }

    private static LifeCycleStep Limit(KeyLifeCycle life, ParseResult parsed)
    {
        var step = life.Bind(
            parsed.GetValue(KeysCommand.MaximumAge), parsed.GetValue(KeysCommand.TokenLifetime), parsed.GetValue(KeysCommand.Force));
        if (step.After is not { } after)
            return step;
        return step with
        {
            Done = [$"Caches may keep the set for {after.MaximumAge}, and tokens are valid for up to {after.TokenLifetime}."],
        };
    }
}
