using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tool.CommandLine;

/// <summary>The cause of a failed request, as the predicate of a sentence.</summary>
internal static class Causes
{
    public static string Of(Exception exception) => exception switch
    {
        HttpRequestException request => ConnectionFault.Describe(request),
        TaskCanceledException => "has not answered within 10 seconds",
        _ => $"stopped in the middle of its answer ({exception.GetType().Name})",
    };
}
