namespace JwksAuth.Mutation;

/// <summary>The files that are mutated, and the tests for each: those of the same folder, plus those after a plus sign, or only those after an equals sign.</summary>
internal sealed class FileList(IEnumerable<string> lines)
{
    private readonly Dictionary<string, string[]> _guards = lines.Select(line => line.Split(' ')).ToDictionary(words => words[0], GuardsOf);

    public IEnumerable<string> Files => _guards.Keys;

    /// <summary>Whether the tests of a class are run against the mutants of a file.</summary>
    public bool IsGuard(string file, string className) =>
        _guards.GetValueOrDefault(file, GuardsOf([file])).Any(guard => className.StartsWith($"JwksAuth.Tests.{guard}", StringComparison.Ordinal));

    // Tests mirror the source tree; many test whole requests and are in the folder above.
    private static string[] GuardsOf(string[] words) => words switch
    {
        [_, "=", .. var only] => only,
        [var file, "+", .. var more] => [$"{file.Split('/')[0]}.", .. more],
        _ => [$"{words[0].Split('/')[0]}."],
    };
}
