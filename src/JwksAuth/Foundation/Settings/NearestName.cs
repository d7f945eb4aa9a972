namespace JwksAuth.Foundation.Settings;

/// <summary>Finds the name that somebody may have meant.</summary>
internal static class NearestName
{
    // Two letters of five may differ: beyond that a name resembles any other.
    private const double MostDifferent = 0.4;

    /// <returns>The nearest of the known names; null if none is near.</returns>
    public static string? Of(string name, IEnumerable<string> known) => known
        .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(pair => pair.distance <= Math.Max(name.Length, pair.candidate.Length) * MostDifferent)
        .OrderBy(pair => pair.distance)
        .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
        .Select(pair => pair.candidate)
        .FirstOrDefault();

    // How many letters must be inserted, removed or exchanged to make one name the other (Levenshtein).
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
