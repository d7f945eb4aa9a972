using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Replay;

/// <summary>Whether something that may be used once passes.</summary>
internal enum ReplayVerdict
{
    New,
    Used,
    Unavailable,
}

/// <summary>Asks the replay cache, and tells operators where it fails or is full: once in 10 seconds for each kind.</summary>
internal sealed class ReplayGuard(IJwksReplayCache cache, JwksTelemetry telemetry, TimeProvider time)
{
    /// <summary>When asking again may help where the replay cache is full or failed.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly FloodGate _failures = new(time);
    private readonly FloodGate[] _full = [.. Enum.GetNames<JwksReplayKind>().Select(_ => new FloodGate(time))];

    /// <summary>Uses a token, about which everything else must have been found good: only a sender who has proved itself makes us remember anything.</summary>
    /// <param name="kind">What is used.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="identifier">Its <c>jti</c>.</param>
    /// <param name="lifetime">How long it can be used again.</param>
    /// <param name="cancellationToken">Set when the caller gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<ReplayVerdict> UseAsync(JwksReplayKind kind, string sender, string identifier, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        // The length keeps two pairs apart that would be one text.
        var word = kind.ToWord();
        var entry = new JwksReplayEntry { Kind = kind, Key = Hash($"{word} {sender.Length} {sender} {identifier}"), Sender = Hash($"{word} {sender}"), Lifetime = lifetime };
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
            // The application's own cache may fail in any way. What is not remembered could be used again, so it does not pass; the sender is not at fault.
            Count(word, "failed");
            if (_failures.TryPass(out var count))
                telemetry.Logger.ReplayCacheFailed(count, exception);
            return ReplayVerdict.Unavailable;
        }
    }

    private void Count(string kind, string outcome) => telemetry.Uses.Add(1, new(JwksTagNames.Kind, kind), new(JwksTagNames.Outcome, outcome));

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
