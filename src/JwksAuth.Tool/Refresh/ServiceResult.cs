using System.Text.Json.Serialization;

namespace JwksAuth.Tool.Refresh;

/// <param name="IsRefreshed">Whether the service has the latest keys.</param>
internal sealed record ServiceResult(string Service, bool IsRefreshed, string Outcome)
{
    /// <summary>Whether a retry would have the same result.</summary>
    [JsonIgnore]
    public bool IsFinal { get; init; }

    public IReadOnlyList<string> Added { get; init; } = [];

    public IReadOnlyList<string> Removed { get; init; } = [];
}
