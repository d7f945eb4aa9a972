using System.Globalization;
using System.Text;

namespace JwksAuth.Mutation;

/// <summary>How many mutants of each file the tests notice.</summary>
internal static class Scores
{
    public static string Table(IReadOnlyList<Mutant> mutants, IReadOnlyDictionary<int, bool> killed, IReadOnlySet<string> equivalent)
    {
        var text = new StringBuilder("| file | mutants | killed | survived | equivalent | score |\n|---|--:|--:|--:|--:|--:|\n");
        foreach (var file in mutants.GroupBy(mutant => mutant.File).OrderBy(file => file.Key, StringComparer.Ordinal))
            Add(text, file.Key, file.Count(mutant => killed[mutant.Id]), file.Count(), equivalent.Count(each => each.StartsWith($"{file.Key}: ", StringComparison.Ordinal)));
        Add(text, "all", mutants.Count(mutant => killed[mutant.Id]), mutants.Count, equivalent.Count(each => mutants.Any(mutant => each.StartsWith($"{mutant.File}: ", StringComparison.Ordinal))));
        return text.ToString();
    }

    private static void Add(StringBuilder text, string file, int killed, int all, int equivalent) =>
        text.Append(CultureInfo.InvariantCulture, $"| {file} | {all} | {killed} | {all - killed} | {equivalent} | {100.0 * killed / all:0} % |\n");
}
