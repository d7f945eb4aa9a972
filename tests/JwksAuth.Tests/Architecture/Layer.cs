namespace JwksAuth.Tests.Architecture;

/// <summary>A folder of a package.</summary>
/// <param name="Folder">Its path in the package.</param>
/// <param name="Purpose">What it is.</param>
/// <param name="MayCall">The folders that it may call: subfolders of the same top-level folder by their path, other top-level folders as a whole.</param>
internal sealed record Layer(string Folder, string Purpose, string MayCall)
{
    public string Room => Folder.Split('/')[0];

    public IReadOnlyList<string> Called { get; } = MayCall.Split(", ", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its line in the map of the architecture page.</summary>
    public string Line => $"| `{Folder}` | {Purpose} | {MayCall} |";

    public bool Allows(Layer other) => Called.Contains(other.Folder) || (other.Room != Room && Called.Contains(other.Room));
}
