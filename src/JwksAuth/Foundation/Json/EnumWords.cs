using System.Runtime.CompilerServices;
using System.Text.Json;

namespace JwksAuth.Foundation.Json;

/// <summary>Converts members of enumerations to lower snake case, for tags and documents.</summary>
internal static class EnumWords
{
    /// <param name="value">A member of an enumeration that counts from zero.</param>
    public static string ToWord<TEnum>(this TEnum value)
        where TEnum : struct, Enum => Table<TEnum>.Words[Unsafe.BitCast<TEnum, int>(value)];

    private static class Table<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly string[] Words = [.. Enum.GetNames<TEnum>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
    }
}
