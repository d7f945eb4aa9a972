using System.Text.RegularExpressions;

namespace JwksAuth.DocumentationTests.Markdown;

/// <summary>A page of documentation: its code blocks, its links, and the anchors that links may name.</summary>
internal sealed partial class MarkdownPage
{
    private const string Fence = "```";

    private readonly List<string> _prose = [];

    private MarkdownPage(string path, IReadOnlyList<string> lines)
    {
        Path = path;
        Blocks = ReadBlocks(lines);
    }

    public static IReadOnlyList<MarkdownPage> All { get; } =
        [.. RepositoryFiles.Find("*.md").Select(path => new MarkdownPage(path, File.ReadAllLines(RepositoryFiles.PathOf(path))))];

    /// <summary>The path from the root of the repository.</summary>
    public string Path { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>The targets of links in the prose.</summary>
    public IEnumerable<string> Links =>
        _prose.SelectMany(line => LinkPattern().Matches(InlineCode().Replace(line, ""))).Select(match => match.Groups[1].Value);

    /// <summary>The texts in code spans of the prose.</summary>
    public IEnumerable<string> InlineCodes => _prose.SelectMany(line => InlineCode().Matches(line)).Select(match => match.Value.Trim('`'));

    /// <summary>The cells of each row of a table, without heads.</summary>
    public IEnumerable<IReadOnlyList<string>> TableRows
    {
        get
        {
            var isInTable = false;
            foreach (var line in _prose)
            {
                if (isInTable && line.StartsWith('|'))
                    yield return [.. line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim())];
                isInTable = line.StartsWith("| --", StringComparison.Ordinal) || line.StartsWith("|--", StringComparison.Ordinal) || (isInTable && line.StartsWith('|'));
            }
        }
    }

    /// <summary>The anchors of the headings, as GitHub creates them.</summary>
    public IEnumerable<string> Anchors =>
        from line in _prose
        where line.StartsWith('#')
        select NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    /// <summary>The text in the first cell of each table row that starts with code.</summary>
    public IEnumerable<string> RowNames => _prose.Select(line => RowName().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    public static MarkdownPage At(string path) => All.Single(page => page.Path == path);

    public static bool IsExternal(string link) => link.Contains("://", StringComparison.Ordinal);

    /// <summary>The file that a relative link of this page points to, from the root of the repository, and its anchor, if any.</summary>
    public (string Path, string? Anchor) Resolve(string link)
    {
        var parts = link.Split('#', 2);
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        var target = parts[0].Length == 0 ? Path : System.IO.Path.GetRelativePath(".", System.IO.Path.Combine(folder, parts[0])).Replace('\\', '/');
        return (target, parts.Length == 2 ? parts[1] : null);
    }

    private List<CodeBlock> ReadBlocks(IReadOnlyList<string> lines)
    {
        var blocks = new List<CodeBlock>();
        string? comment = null;
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            if (!line.StartsWith(Fence, StringComparison.Ordinal))
            {
                _prose.Add(line);
                comment = line.Length == 0 ? comment : line;
                continue;
            }

            var body = lines.Skip(index + 1).TakeWhile(bodyLine => !bodyLine.StartsWith(Fence, StringComparison.Ordinal)).ToList();
            blocks.Add(new CodeBlock(line[Fence.Length..].Trim(), index + 1, string.Join('\n', body), ValueOf(NotCompiled(), comment), ValueOf(RunsIn(), comment)));
            index += body.Count + 1;
            comment = null;
        }

        return blocks;
    }

    private static string? ValueOf(Regex pattern, string? comment) => pattern.Match(comment ?? "") is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"^\| `([\w.]+)` \|")]
    private static partial Regex RowName();

    [GeneratedRegex(@"^<!-- not compiled: (\S.+) -->$")]
    private static partial Regex NotCompiled();

    [GeneratedRegex(@"^<!-- runs in: (\S+) -->$")]
    private static partial Regex RunsIn();
}
