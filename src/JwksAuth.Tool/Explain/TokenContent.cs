using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Explain;

/// <summary>The readable parts of a token, for display only, never for validation. The signature is omitted.</summary>
internal sealed class TokenContent
{
    private readonly Dictionary<string, JsonElement> _header;
    private readonly Dictionary<string, JsonElement> _claims;

    private TokenContent(Dictionary<string, JsonElement> header, Dictionary<string, JsonElement> claims) =>
        (_header, _claims) = (header, claims);

    /// <summary>The number of parts: 3 if the token is signed, 5 if it is encrypted.</summary>
    public required int Parts { get; init; }

    public string? Issuer => _claims.TryGetValue("iss", out var value) ? value.TextOrNull() : null;

    public static TokenContent Read(string token)
    {
        var parts = token.Split('.');
        return new TokenContent(Members(parts[0]), parts.Length > 1 ? Members(parts[1]) : []) { Parts = parts.Length };
    }

    public string? Header(string name) => TextOf(_header, name);

    public string? Claim(string name) => TextOf(_claims, name);

    /// <summary>A time claim (RFC 7519 section 2, NumericDate) as text; null if it is not a NumericDate.</summary>
    public string? Time(string name) => Date(name) is { } date ? Terminal.Of(date) : null;

    public DateTimeOffset? Date(string name) =>
        double.TryParse(Claim(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= RegisteredClaims.LatestDate
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static string? TextOf(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) ? value.TextOrNull() ?? value.GetRawText() : null;

    private static Dictionary<string, JsonElement> Members(string part)
    {
        if (!Base64Url.IsValid(part))
            return [];
        using var json = JsonText.TryParseObject(Base64Url.DecodeFromChars(part));
        return json is null ? [] : json.RootElement.EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value.Clone(), StringComparer.Ordinal);
    }
}
