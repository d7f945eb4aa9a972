using System.Text;
using System.Text.Json.Nodes;

namespace JwksAuth.Tests.Vectors;

/// <summary>Reads the published test vectors next to this file.</summary>
internal static class VectorFiles
{
    private static readonly string[] SecretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth"];

    public static JsonNode Read(string path) => JsonNode.Parse(ReadText(path))!;

    public static string ReadText(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The paths of the JSON files in a folder, in order.</summary>
    public static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.json").Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    /// <summary>The public part of a key, as an issuer would publish it.</summary>
    public static JsonObject PublicPartOf(JsonNode jwk)
    {
        var published = jwk.DeepClone().AsObject();
        foreach (var member in SecretMembers)
            published.Remove(member);
        return published;
    }

    public static byte[] SetOf(params IEnumerable<JsonNode> keys) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) }.ToJsonString());

    private static string Root => Path.Combine(AppContext.BaseDirectory, "Vectors");
}
