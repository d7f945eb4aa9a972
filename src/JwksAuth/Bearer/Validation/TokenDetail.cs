using System.Globalization;
using System.Text;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Keys;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// The values of a refused token that caused its refusal, and the expected values, for operators and developers. It parses the token again,
/// because few refusals are inspected.
/// </summary>
internal sealed record TokenDetail
{
    private const int MostNames = 4;
    private const int LongestValue = 64;

    /// <summary>The actual and the expected value, text from outside escaped and truncated; null if the reason needs no detail.</summary>
    public string? Text { get; private init; }

    public string? Algorithm { get; private init; }

    public string? Type { get; private init; }

    public string? Issuer { get; private init; }

    public string? Audience { get; private init; }

    public DateTime? ExpiresAt { get; private init; }

    public DateTime? NotBefore { get; private init; }

    public static TokenDetail Read(ReadOnlySpan<char> token, JwksTokenFailure failure, BearerPlan plan)
    {
        if (failure == JwksTokenFailure.TooLong)
            return new() { Text = $"it has {token.Length} characters, the maximum is {plan.Rules.MaximumTokenLength}" };
        if (token.Length > plan.Rules.MaximumTokenLength || !CompactToken.TrySplit(token, out var parts))
            return new();
        if (!JoseHeader.TryRead(CompactToken.Decode(parts.Header, new byte[CompactToken.DecodedLength(parts.Header)]), out var header))
            return new() { Text = failure == JwksTokenFailure.Malformed ? "its header cannot be read" : null };

        var isReadable = RegisteredClaims.TryRead(
            CompactToken.Decode(parts.Payload, new byte[CompactToken.DecodedLength(parts.Payload)]), out var claims);
        var found = new TokenDetail
        {
            Algorithm = TextOf(header.Algorithm),
            Type = TextOf(header.Type),
            Issuer = TextOf(claims.Issuer),
            Audience = string.Join(", ", AudiencesOf(claims)),
            ExpiresAt = DateOf(claims.ExpiresAt),
            NotBefore = DateOf(claims.NotBefore),
        };
        var text = failure == JwksTokenFailure.Malformed
            ? DescribeForm(isReadable, claims)
            : found.Describe(failure, header, claims, plan);
        return found with { Text = text };
    }

    private static string? DescribeForm(bool isReadable, RegisteredClaims claims)
    {
        if (claims.WrongName.IsEmpty)
            return isReadable ? null : "its claims cannot be read";

        var (name, value) = (Encoding.UTF8.GetString(claims.WrongName), Encoding.UTF8.GetString(claims.WrongValue));
        var isLarge = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number > RegisteredClaims.LatestDate;
        return name is "exp" or "nbf" or "iat" && isLarge
            ? $"{name} is {Escape(value)}, too large for seconds since 1970; it may be in milliseconds"
            : $"{name} has a value of the wrong type: {Escape(value)}";
    }

    private string? Describe(JwksTokenFailure failure, JoseHeader header, RegisteredClaims claims, BearerPlan plan) => failure switch
    {
        JwksTokenFailure.Algorithm =>
            $"alg is {Quote(Algorithm)}, expected {Quote(plan.Header.Algorithms.Select(SignatureAlgorithms.NameOf))}",
        JwksTokenFailure.Type => $"typ is {Quote(Type)}, expected {Quote(plan.Header.Types)}",
        JwksTokenFailure.Issuer => $"iss is {Quote(Issuer)}, expected {Quote(plan.Issuers.All.SelectMany(NamesOf))}",
        JwksTokenFailure.Audience => $"aud is {Quote(AudiencesOf(claims))}, expected {Quote(plan.Audiences)}",
        JwksTokenFailure.Expired => $"exp is {Format(claims.ExpiresAt)}, {Now(plan)}",
        JwksTokenFailure.NotYetValid => $"nbf is {Format(claims.NotBefore)}, iat is {Format(claims.IssuedAt)}, {Now(plan)}",
        JwksTokenFailure.UnknownKey or JwksTokenFailure.AmbiguousKey or JwksTokenFailure.Signature or JwksTokenFailure.KeyOfAnotherIssuer =>
            $"kid is {Quote(TextOf(header.KeyId))}, alg is {Quote(Algorithm)}, iss is {Quote(Issuer)}",
        _ => null,
    };

    private static IEnumerable<string> NamesOf(IssuerPlan issuer) =>
        issuer.MetadataIssuer is { } named ? issuer.Names.Append(named).Distinct(StringComparer.Ordinal) : issuer.Names;

    private static string Now(BearerPlan plan) =>
        $"the time is {Format(plan.Time.SecondsSince1970())} "
            + $"and ClockSkew {plan.Rules.ClockSkew.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s";

    private static string Format(double? seconds) =>
        DateOf(seconds)?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "absent";

    private static DateTime? DateOf(double? seconds) => seconds is { } value ? DateTime.UnixEpoch.AddSeconds(value) : null;

    private static string? TextOf(ReadOnlySpan<byte> raw) => raw.Length > 1 && raw[0] == '"' ? JsonMembers.ToText(raw) : null;

    private static List<string> AudiencesOf(RegisteredClaims claims)
    {
        if (claims.Audience.IsEmpty || claims.Audience[0] == '"')
            return TextOf(claims.Audience) is { } single ? [single] : [];

        var audiences = new List<string>();
        var strings = new JsonStrings(claims.Audience);
        while (strings.MoveNext())
            audiences.Add(JsonMembers.ToText(strings.RawValue));
        return audiences;
    }

    private static string Quote(IEnumerable<string> names)
    {
        var some = names.Take(MostNames + 1).ToList();
        var text = string.Join(" or ", some.Take(MostNames).Select(Quote));
        return some.Count > MostNames ? $"{text} or others" : text;
    }

    // Safe in a log, a header and a page: characters that could end or forge a line, a quoted text or an element are written as their
    // codes.
    private static string Escape(string text) => string.Concat(text.Take(LongestValue).Select(character =>
        character is >= ' ' and <= '~' and not ('"' or '\'' or '\\' or '<' or '>' or '&') ? $"{character}" : $"%u{(int)character:x4}"));

    private static string Quote(string? text) => text is null ? "absent" : $"'{Escape(text)}'";
}
