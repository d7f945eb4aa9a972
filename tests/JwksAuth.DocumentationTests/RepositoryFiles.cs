namespace JwksAuth.DocumentationTests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "artifacts"];

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>Paths relative to the root, with forward slashes, in a fixed order; without the files of published vectors.</summary>
    public static IEnumerable<string> Find(string pattern) => FindAll(pattern).Where(file => !file.Contains("/Vectors/", StringComparison.Ordinal));

    /// <summary>The same with the vectors and their tests.</summary>
    public static IEnumerable<string> FindAll(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => NotOurs.Contains(part)))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "JwksAuth.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout of the repository.");
    }
}
