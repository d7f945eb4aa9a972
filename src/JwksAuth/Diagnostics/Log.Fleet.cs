using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(260, LogLevel.Warning,
        "The shared keys of {Source} are unreachable ({ErrorType}); this replica fetches on its own", EventName = "FleetUnavailable")]
    public static partial void FleetUnavailable(this ILogger logger, string source, string errorType);

    [LoggerMessage(261, LogLevel.Information, "The shared keys of {Source} are reachable again", EventName = "FleetAvailable")]
    public static partial void FleetAvailable(this ILogger logger, string source);

    [LoggerMessage(268, LogLevel.Warning,
        "A refresh or clear of {Source} did not reach the other replicas; repeat it when the shared keys are reachable",
        EventName = "FleetNotTold")]
    public static partial void FleetNotTold(this ILogger logger, string source);

    [LoggerMessage(262, LogLevel.Information,
        "{Source} has {Count} keys, fetched by another replica: {Added} added, {Removed} removed", EventName = "SharedKeysTaken")]
    public static partial void SharedKeysTaken(this ILogger logger, string source, int count, int added, int removed);

    [LoggerMessage(263, LogLevel.Warning,
        "This replica rejected the shared keys of {Source} ({ErrorType}): {Error}", EventName = "SharedKeysRefused")]
    public static partial void SharedKeysRefused(this ILogger logger, string source, string errorType, string error);

    [LoggerMessage(264, LogLevel.Information, "Another replica withdrew the keys of {Source}", EventName = "SharedKeysWithdrawn")]
    public static partial void SharedKeysWithdrawn(this ILogger logger, string source);

    [LoggerMessage(266, LogLevel.Warning,
        "The shared replay cache is unreachable ({ErrorType}); this replica detects only the replays that it has seen itself",
        EventName = "SharedReplaysUnavailable")]
    public static partial void SharedReplaysUnavailable(this ILogger logger, string errorType);

    [LoggerMessage(267, LogLevel.Information, "The shared replay cache is reachable again", EventName = "SharedReplaysAvailable")]
    public static partial void SharedReplaysAvailable(this ILogger logger);

    [LoggerMessage(265, LogLevel.Warning,
        "Removed {Count} entries of {Source} from the distributed cache: they were not written with this replica's Data Protection keys",
        EventName = "CacheEntriesRefused")]
    public static partial void CacheEntriesRefused(this ILogger logger, long count, string source);
}
