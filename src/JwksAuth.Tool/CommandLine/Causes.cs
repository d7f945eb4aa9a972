using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tool.CommandLine;

/// <summary>Why something could not be reached, as the rest of a sentence about it.</summary>
internal static class Causes
{
    public static string Of(Exception exception) => exception switch
    {
        HttpRequestException request => ConnectionFault.Describe(request),
        TaskCanceledException => "has not answered within 10 seconds",
        _ => $"broke off its answer ({exception.GetType().Name})",
    };
}
