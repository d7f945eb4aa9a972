namespace JwksAuth.Foundation.Settings;

/// <summary>Suggests a known name for a misspelt one.</summary>
internal static class NearestName
{
    // Two of five letters may differ; beyond that, any name would match.
    private const double MostDifferent = 0.4;

    public static string? Of(string name, IEnumerable<string> known) => known
        .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(pair => pair.distance <= Math.Max(name.Length, pair.candidate.Length) * MostDifferent)
        .OrderBy(pair => pair.distance)
        .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
        .Select(pair => pair.candidate)
        .FirstOrDefault();

    // The number of letters to insert, remove or replace to turn one name into the other (Levenshtein).
    private static int Distance(string one, string other)
    {
        var above = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var (letter, row) in one.Select((letter, index) => (letter, index + 1)))
        {
            var diagonal = above[0];
            above[0] = row;
            for (var column = 1; column < above.Length; column++)
            {
                var exchanged = diagonal + (letter == other[column - 1] ? 0 : 1);
                diagonal = above[column];
                above[column] = Math.Min(exchanged, 1 + Math.Min(above[column], above[column - 1]));
            }
        }

        return above[^1];
    }
}
