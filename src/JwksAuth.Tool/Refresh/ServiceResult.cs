using System.Text.Json.Serialization;

namespace JwksAuth.Tool.Refresh;

/// <summary>The result of refreshing one service.</summary>
/// <param name="IsRefreshed">Whether the service has the latest keys.</param>
/// <param name="Outcome">The outcome as text, with the cause of a failure.</param>
internal sealed record ServiceResult(string Service, bool IsRefreshed, string Outcome)
{
    /// <summary>Whether a retry would have the same result.</summary>
    [JsonIgnore]
    public bool IsFinal { get; init; }

    public IReadOnlyList<string> Added { get; init; } = [];

    public IReadOnlyList<string> Removed { get; init; } = [];
}
