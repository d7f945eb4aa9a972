using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace JwksAuth.Mutation;

/// <summary>A copy of the repository in which the chosen files contain switchable mutants.</summary>
internal sealed class MutatedTree(string root, string copy)
{
    private const string SwitchSource = """
        namespace JwksAuth;

        internal static class MutantSwitch
        {
            public static int Active = -1;
            public static readonly byte[] Hits = new byte[COUNT];

            public static bool IsOn(int mutant)
            {
                Hits[mutant] = 1;
                return Active == mutant;
            }
        }
        """;

    private readonly string _source = Path.Combine(root, "src", "JwksAuth");

    private readonly string _list = Path.Combine(copy, "mutants.json");

    public string Project { get; } = Path.Combine(copy, "tests", "JwksAuth.Tests");

    /// <summary>Copies the repository, and writes the mutated files over the copies.</summary>
    public async Task<IReadOnlyList<Mutant>> WriteAsync(IReadOnlyList<string> files, IReadOnlySet<string> equivalent)
    {
        // A file that has been renamed since the last run must not be compiled twice.
        if (Directory.Exists(copy))
            Directory.Delete(copy, recursive: true);
        foreach (var file in (await Command.OutputAsync(root, "git", "ls-files", "--cached", "--others", "--exclude-standard")).Where(IsNeeded))
            CopyFile(Path.Combine(root, file), Path.Combine(copy, file));

        var (mutants, rewritten) = Rewrite(files, equivalent);
        foreach (var (file, text) in rewritten)
            await WriteAsync(Path.Combine(copy, "src", "JwksAuth", file), text);
        await WriteAsync(Path.Combine(copy, "src", "JwksAuth", "MutantSwitch.cs"), SwitchOf(mutants.Count + 1));
        await WriteAsync(_list, JsonSerializer.Serialize(mutants));
        return mutants;
    }

    /// <summary>The mutants of the last build.</summary>
    public IReadOnlyList<Mutant> Read() => JsonSerializer.Deserialize<List<Mutant>>(File.ReadAllText(_list))!;

    private (List<Mutant> Mutants, Dictionary<string, string> Files) Rewrite(IReadOnlyList<string> files, IReadOnlySet<string> equivalent)
    {
        var trees = Directory.EnumerateFiles(_source, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(_source, path), path => Parse(File.ReadAllText(path), path));
        var compilation = Compile(trees.Values);
        var left = equivalent.ToHashSet();
        foreach (var file in files)
            left.UnionWith(Impossible(compilation, trees[file], file, equivalent));

        var mutants = new List<Mutant>();
        var rewritten = files.ToDictionary(file => file, file => Rewrite(compilation, trees[file], file, mutants, left).ToFullString());
        return (mutants, rewritten);
    }

    // A condition that declares variables cannot always be inverted: the compiler reports the mutants that would leave a variable unassigned.
    private static IEnumerable<string> Impossible(CSharpCompilation compilation, SyntaxTree tree, string file, IReadOnlySet<string> equivalent)
    {
        var all = new List<Mutant>();
        Rewrite(compilation, tree, file, all, equivalent);
        var risky = all.Where(mutant => mutant.Risky).Select(mutant => $"{file}: {mutant.Change}").ToList();
        var alone = all.Where(mutant => !mutant.Risky).Select(mutant => $"{file}: {mutant.Change}").Concat(equivalent).ToHashSet();
        return [.. risky.Where(mutant => !Compiles(compilation, tree, Rewrite(compilation, tree, file, [], LeftBut(mutant))))];

        HashSet<string> LeftBut(string mutant) => [.. alone, .. risky.Where(other => other != mutant)];
    }

    private static bool Compiles(CSharpCompilation compilation, SyntaxTree tree, SyntaxNode rewritten)
    {
        var changed = Parse(rewritten.ToFullString(), tree.FilePath);
        return compilation.ReplaceSyntaxTree(tree, changed).GetSemanticModel(changed).GetDiagnostics().All(each => each.Severity != DiagnosticSeverity.Error);
    }

    private static SyntaxNode Rewrite(CSharpCompilation compilation, SyntaxTree tree, string file, List<Mutant> mutants, IReadOnlySet<string> left) =>
        new MutantRewriter(compilation.GetSemanticModel(tree), file, mutants, left).Visit(tree.GetRoot())!;

    private static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees)
    {
        const string usings = """
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http;
            global using System.Threading; global using System.Threading.Tasks;
            """;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("JwksAuth", [.. trees, Parse(usings, "Usings.cs"), Parse(SwitchOf(1), "MutantSwitch.cs")], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static string SwitchOf(int count) => SwitchSource.Replace("COUNT", $"{count}", StringComparison.Ordinal);

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest), path);

    private static bool IsNeeded(string file) =>
        !file.Contains('/', StringComparison.Ordinal) || file.Split('/') is ["src" or "eng", ..] or ["tests", "JwksAuth.Tests" or "JwksAuth.Fuzzing", ..];

    // Unchanged files keep their timestamps, so that the second build is short.
    private static void CopyFile(string from, string to)
    {
        if (!File.Exists(from) || File.Exists(to) && File.ReadAllBytes(from).AsSpan().SequenceEqual(File.ReadAllBytes(to)))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, true);
    }

    private static Task WriteAsync(string path, string text) => File.WriteAllTextAsync(path, text);
}
