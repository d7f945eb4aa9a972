namespace JwksAuth.Tests;

/// <summary>Entries for tests of replay caches.</summary>
internal static class Uses
{
    public static JwksReplayEntry Of(string key, TimeSpan lifetime, string sender = "sender", JwksReplayKind kind = JwksReplayKind.DpopProof) =>
        new() { Kind = kind, Key = key, Sender = sender, Lifetime = lifetime };
}
