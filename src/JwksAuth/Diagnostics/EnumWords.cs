using System.Collections.Frozen;
using System.Text.Json;

namespace JwksAuth.Diagnostics;

/// <summary>The members of enumerations as words for tags and documents: lower snake case, made once.</summary>
internal static class EnumWords
{
    public static string ToWord<TEnum>(this TEnum value)
        where TEnum : struct, Enum => Table<TEnum>.Words[value];

    private static class Table<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> Words =
            Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
