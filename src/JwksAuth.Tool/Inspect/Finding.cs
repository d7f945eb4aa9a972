using System.Text.Json.Serialization;

namespace JwksAuth.Tool.Inspect;

/// <summary>Something about a key set that its readers should know.</summary>
/// <param name="IsError">Whether it keeps a key from being used, or is dangerous; otherwise it is worth a look.</param>
/// <param name="KeyId">The key; null if it is about the whole.</param>
/// <param name="Text">What it is.</param>
internal sealed record Finding(bool IsError, string? KeyId, string Text)
{
    /// <summary>Which key of the set it is about, counted from 1; null if it is about the whole.</summary>
    public int? Position { get; init; }

    /// <summary>The time that it is about; null if it is about none.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What it is about, in words; null for the whole.</summary>
    [JsonIgnore]
    public string? Subject => KeyId ?? (Position is { } position ? $"key {position}" : null);
}

/// <summary>A key of the set.</summary>
/// <param name="KeyId">Its kid; null if it has none.</param>
/// <param name="KeyType">Its <c>kty</c>.</param>
/// <param name="Size">Bits of the modulus, or the curve.</param>
/// <param name="Use">What it says it is for.</param>
/// <param name="Algorithm">The algorithm it is bound to.</param>
/// <param name="IsUsable">Whether it can verify signatures.</param>
internal sealed record InspectedKey(string? KeyId, string? KeyType, string? Size, string? Use, string? Algorithm, bool IsUsable);

/// <summary>What an inspection found.</summary>
internal sealed record Inspection(string Source, IReadOnlyList<InspectedKey> Keys, IReadOnlyList<Finding> Findings)
{
    public bool HasErrors => Findings.Any(finding => finding.IsError);
}
