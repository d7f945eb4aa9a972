using System.Buffers.Text;
using System.Globalization;
using System.Text;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Jose;

/// <summary>
/// The claims that are checked before any key lookup (RFC 7519 section 4.1), as raw JSON values. Absent claims are empty, as are claims
/// without content: <c>null</c>, <c>""</c> and <c>[]</c>.
/// </summary>
internal ref struct RegisteredClaims
{
    /// <summary>The end of the year 9999 in seconds since the epoch, the latest date that .NET supports.</summary>
    public const double LatestDate = 253402300799;

    // All registered claims have three letters.
    private const int NameLength = 3;
    private const int LongestEscape = 6;

    public ReadOnlySpan<byte> Issuer { get; private set; }

    /// <summary>A string or an array of strings (RFC 7519 section 4.1.3).</summary>
    public ReadOnlySpan<byte> Audience { get; private set; }

    /// <summary>Seconds since the epoch; null if absent.</summary>
    public double? ExpiresAt { get; private set; }

    public double? NotBefore { get; private set; }

    public double? IssuedAt { get; private set; }

    /// <summary>The confirmation claim (RFC 7800 section 3.1) of any type. A malformed confirmation also binds the token.</summary>
    public ReadOnlySpan<byte> Confirmation { get; private set; }

    /// <summary>
    /// The name of a claim with a value of the wrong type; empty if there is none. Reading fails, unless the value has no content, such as
    /// <c>null</c> for a date or <c>[]</c> for a string: such a claim counts as absent, but IdentityModel cannot read the token.
    /// </summary>
    public ReadOnlySpan<byte> WrongName { get; private set; }

    public ReadOnlySpan<byte> WrongValue { get; private set; }

    /// <summary>Reads a decoded payload; false unless it is an object without duplicates whose known claims have the right type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out RegisteredClaims claims)
    {
        claims = default;
        var members = new JsonMembers(json);
        var names = new MemberNames(json);
        while (members.MoveNext())
        {
            if (!names.Add(members))
                return false;

            var name = PlainName(members);
            if (claims.Take(name, members.RawValue))
                continue;
            claims.Note(name, members.RawValue);
            return false;
        }

        return members.IsValid && names.AreUnique();
    }

    public readonly bool IsFor(ReadOnlySpan<string> audiences)
    {
        foreach (var audience in audiences)
        {
            if (IsFor(audience))
                return true;
        }

        return false;
    }

    private readonly bool IsFor(string audience)
    {
        if (Audience.IsEmpty || Audience[0] == '"')
            return JsonMembers.IsString(Audience, audience);

        var rest = new JsonStrings(Audience);
        while (rest.MoveNext())
        {
            if (JsonMembers.IsString(rest.RawValue, audience))
                return true;
        }

        return false;
    }

    // A claim name with escapes is the same claim to a later parser of the token.
    private static ReadOnlySpan<byte> PlainName(scoped in JsonMembers members) =>
        members.IsNameEscaped && members.RawName.Length <= NameLength * LongestEscape
            ? Encoding.UTF8.GetBytes(JsonMembers.ToText(members.RawQuotedName))
            : members.RawName;

    private bool Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.Length != NameLength)
            return true;
        if (IsUnstated(value))
        {
            if (IsReadAsDate(name) || (value[0] == '[' && IsReadAsText(name)))
                Note(name, value);
            return true;
        }

        switch ((name[0] << 16) | (name[1] << 8) | name[2])
        {
            case ('i' << 16) | ('s' << 8) | 's':
                Issuer = value;
                return value[0] == '"';
            case ('a' << 16) | ('u' << 8) | 'd':
                Audience = value;
                return value[0] == '"' || JsonStrings.IsArrayOfStrings(value);
            case ('c' << 16) | ('n' << 8) | 'f':
                Confirmation = value;
                return true;
            case ('e' << 16) | ('x' << 8) | 'p':
                return (ExpiresAt = NumericDate(value)) is not null;
            case ('n' << 16) | ('b' << 8) | 'f':
                return (NotBefore = NumericDate(value)) is not null;
            case ('i' << 16) | ('a' << 8) | 't':
                return (IssuedAt = NumericDate(value)) is not null;

            // OpenID Connect Core section 2; a later parser of the token reads it as text.
            case ('s' << 16) | ('u' << 8) | 'b':
            case ('j' << 16) | ('t' << 8) | 'i':
            case ('a' << 16) | ('z' << 8) | 'p':
                return value[0] == '"';
            default:
                return true;
        }
    }

    private static bool IsUnstated(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("null"u8) || value.SequenceEqual("\"\""u8) || (value[0] == '[' && value[1..^1].Trim(" \t\r\n"u8).IsEmpty);

    private void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        WrongName = name;
        WrongValue = value;
    }

    private static bool IsReadAsDate(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("exp"u8) || name.SequenceEqual("nbf"u8) || name.SequenceEqual("iat"u8);

    private static bool IsReadAsText(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("iss"u8) || name.SequenceEqual("sub"u8) || name.SequenceEqual("jti"u8) || name.SequenceEqual("azp"u8);

    // A JSON number, possibly with a fraction (RFC 7519 section 2).
    private static double? NumericDate(ReadOnlySpan<byte> value)
    {
        double seconds;
        if (Utf8Parser.TryParse(value, out long whole, out var length) && length == value.Length)
            seconds = whole;
        else if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds))
            return null;

        return seconds is >= 0 and <= LatestDate ? seconds : null;
    }
}
