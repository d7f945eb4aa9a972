using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <content>Messages about what replicas share.</content>
internal static partial class Log
{
    [LoggerMessage(260, LogLevel.Warning, "What the fleet shares of {Source} is out of reach ({ErrorType}): this replica fetches by its own window", EventName = "FleetUnavailable")]
    public static partial void FleetUnavailable(this ILogger logger, string source, string errorType);

    [LoggerMessage(261, LogLevel.Information, "What the fleet shares of {Source} is within reach again", EventName = "FleetAvailable")]
    public static partial void FleetAvailable(this ILogger logger, string source);

    [LoggerMessage(268, LogLevel.Warning, "A refresh or clear of {Source} reached this replica alone: ask again when the fleet is within reach", EventName = "FleetNotTold")]
    public static partial void FleetNotTold(this ILogger logger, string source);

    [LoggerMessage(262, LogLevel.Information, "{Source} has {Count} keys, as another replica fetched them: {Added} added, {Removed} removed", EventName = "SharedKeysTaken")]
    public static partial void SharedKeysTaken(this ILogger logger, string source, int count, int added, int removed);

    [LoggerMessage(263, LogLevel.Warning, "The keys that the fleet shares of {Source} were refused ({ErrorType}): {Error}", EventName = "SharedKeysRefused")]
    public static partial void SharedKeysRefused(this ILogger logger, string source, string errorType, string error);

    [LoggerMessage(264, LogLevel.Information, "The keys of {Source} were withdrawn by another replica", EventName = "SharedKeysWithdrawn")]
    public static partial void SharedKeysWithdrawn(this ILogger logger, string source);

    [LoggerMessage(266, LogLevel.Warning, "What replicas remember together of used proofs and assertions is out of reach ({ErrorType}): this replica refuses what it has seen itself", EventName = "SharedReplaysUnavailable")]
    public static partial void SharedReplaysUnavailable(this ILogger logger, string errorType);

    [LoggerMessage(267, LogLevel.Information, "What replicas remember together of used proofs and assertions is within reach again", EventName = "SharedReplaysAvailable")]
    public static partial void SharedReplaysAvailable(this ILogger logger);

    [LoggerMessage(265, LogLevel.Warning, "{Count} entries of the distributed cache for {Source} were refused and removed: no replica with this replica's Data Protection keys wrote them", EventName = "CacheEntriesRefused")]
    public static partial void CacheEntriesRefused(this ILogger logger, long count, string source);
}
