using System.Runtime.CompilerServices;
using System.Text.Json;

namespace JwksAuth.Foundation.Json;

/// <summary>The members of enumerations as words for tags and documents: lower snake case, made once.</summary>
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
