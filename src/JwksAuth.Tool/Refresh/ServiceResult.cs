using System.Text.Json.Serialization;

namespace JwksAuth.Tool.Refresh;

/// <summary>What came of the refresh of one service.</summary>
/// <param name="Service">Its address.</param>
/// <param name="IsRefreshed">Whether it has the keys of now.</param>
/// <param name="Outcome">The same in words, with what went wrong.</param>
internal sealed record ServiceResult(string Service, bool IsRefreshed, string Outcome)
{
    /// <summary>Whether asking again would be answered with the same.</summary>
    [JsonIgnore]
    public bool IsFinal { get; init; }

    /// <summary>The kids that it learned.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>The kids that it dropped.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
}
