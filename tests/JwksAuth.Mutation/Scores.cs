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
            Add(text, file.Key, file.Count(mutant => killed[mutant.Id]), file.Count(), Left([file.Key]));
        Add(text, "all", mutants.Count(mutant => killed[mutant.Id]), mutants.Count, Left([.. mutants.Select(mutant => mutant.File)]));
        return text.ToString();

        int Left(HashSet<string> files) => equivalent.Count(each => files.Contains(each.Split(": ")[0]));
    }

    private static void Add(StringBuilder text, string file, int killed, int all, int equivalent) =>
        text.Append(CultureInfo.InvariantCulture, $"| {file} | {all} | {killed} | {all - killed} | {equivalent} | {100.0 * killed / all:0} % |\n");
}
