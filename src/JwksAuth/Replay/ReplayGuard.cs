using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Replay;

internal enum ReplayVerdict
{
    New,
    Used,
    Unavailable,
}

/// <summary>Calls the replay cache, and logs when it fails or is full: at most once in 10 seconds for each kind.</summary>
internal sealed class ReplayGuard(IJwksReplayCache cache, JwksTelemetry telemetry, TimeProvider time)
{
    /// <summary>How long to wait before trying again if the replay cache is full or has failed.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly FloodGate _failures = new(time);
    private readonly FloodGate[] _full = [.. Enum.GetNames<JwksReplayKind>().Select(_ => new FloodGate(time))];

    /// <summary>Marks a token as used. Call it only for otherwise valid tokens, so only authenticated senders fill the cache.</summary>
    public async ValueTask<ReplayVerdict> UseAsync(
        JwksReplayKind kind, string sender, string identifier, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        // The length makes the text of each pair unique.
        var word = kind.ToWord();
        var key = Hash($"{word} {sender.Length} {sender} {identifier}");
        var entry = new JwksReplayEntry { Kind = kind, Key = key, Sender = Hash($"{word} {sender}"), Lifetime = lifetime };
        try
        {
            var result = await cache.TryAddAsync(entry, cancellationToken);
            Count(word, result.ToWord());
            if (result == JwksReplayResult.Full && _full[(int)kind].TryPass(out var count))
                telemetry.Logger.ReplayCacheFull(word, LogText.Escape(sender), count);
            return result switch
            {
                JwksReplayResult.Added => ReplayVerdict.New,
                JwksReplayResult.Used => ReplayVerdict.Used,
                _ => ReplayVerdict.Unavailable,
            };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The application's own cache may fail in any way. A token that was not stored could be used again, so answer 503.
            Count(word, "failed");
            if (_failures.TryPass(out var count))
                telemetry.Logger.ReplayCacheFailed(count, exception);
            return ReplayVerdict.Unavailable;
        }
    }

    private void Count(string kind, string outcome) =>
        telemetry.Uses.Add(1, new(JwksTagNames.Kind, kind), new(JwksTagNames.Outcome, outcome));

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
