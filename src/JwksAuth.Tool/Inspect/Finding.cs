using System.Text.Json.Serialization;

namespace JwksAuth.Tool.Inspect;

/// <summary>A problem or a note about a key set.</summary>
/// <param name="IsError">Whether the finding makes a key unusable or is dangerous; otherwise it is a note.</param>
/// <param name="KeyId">The kid; null if the finding is about the whole set.</param>
internal sealed record Finding(bool IsError, string? KeyId, string Text)
{
    /// <summary>The position of the key in the set, counted from 1; null if the finding is about the whole set.</summary>
    public int? Position { get; init; }

    /// <summary>The time that the finding mentions; null if there is none.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The subject as text; null for the whole set.</summary>
    [JsonIgnore]
    public string? Subject => KeyId ?? (Position is { } position ? $"key {position}" : null);
}

/// <param name="Size">Bits of the modulus, or the curve.</param>
internal sealed record InspectedKey(string? KeyId, string? KeyType, string? Size, string? Use, string? Algorithm, bool IsUsable);

internal sealed record Inspection(string Source, IReadOnlyList<InspectedKey> Keys, IReadOnlyList<Finding> Findings)
{
    public bool HasErrors => Findings.Any(finding => finding.IsError);
}
