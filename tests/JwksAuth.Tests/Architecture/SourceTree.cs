using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace JwksAuth.Tests.Architecture;

/// <summary>The source files of the packages in the repository.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The path of a file's folder below the project, with slashes; empty for a file at the top.</summary>
    public static string FolderOf(string path, string project) =>
        Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Root, "src", project), path))!.Replace(Path.DirectorySeparatorChar, '/');

    public static IEnumerable<string> PublicTypesIn(string path) =>
        PublicType().Matches(File.ReadAllText(path)).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly) )*(?:class|record struct|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    private static string FindRoot([CallerFilePath] string path = "")
    {
        var folder = Path.GetDirectoryName(path);
        while (!File.Exists(Path.Combine(folder!, "JwksAuth.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder!;
    }
}
