namespace JwksAuth.Foundation.Settings;

/// <summary>The settings <c>Audience</c> and <c>Audiences</c>, with one meaning in every kind of scheme and for a single issuer.</summary>
internal static class AudienceSettings
{
    private const string One = "Audience";
    private const string Several = "Audiences";

    /// <summary>Reads both; each may be one value or a list.</summary>
    public static void Read(SectionReader reader, Action<string> setAudience, IList<string> audiences)
    {
        reader.Strings(One, values =>
        {
            if (values is [var only])
                setAudience(only);
            else
                Add(values);
        });
        reader.Strings(Several, Add);

        void Add(IReadOnlyList<string> values)
        {
            foreach (var value in values)
                audiences.Add(value);
        }
    }

    /// <summary>All audiences; a token must be for one of them.</summary>
    public static IEnumerable<string> All(string? audience, IEnumerable<string> audiences) =>
        audiences.Prepend(audience).OfType<string>().Where(name => name.Length > 0);
}
