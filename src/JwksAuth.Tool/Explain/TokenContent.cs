using System.Buffers.Text;
using System.Globalization;
using JwksAuth.Keys;

namespace JwksAuth.Tool.Explain;

/// <summary>What a token says, as far as it can be read; for showing, never for judging. The signature is left out.</summary>
internal sealed class TokenContent
{
    private readonly Dictionary<string, string> _header;
    private readonly Dictionary<string, string> _claims;

    private TokenContent(Dictionary<string, string> header, Dictionary<string, string> claims) => (_header, _claims) = (header, claims);

    public string? Issuer => Claim("iss");

    public static TokenContent Read(string token)
    {
        var parts = token.Split('.');
        return new TokenContent(Members(parts[0]), parts.Length > 1 ? Members(parts[1]) : []);
    }

    public string? Header(string name) => _header.GetValueOrDefault(name);

    public string? Claim(string name) => _claims.GetValueOrDefault(name);

    /// <summary>A time claim (RFC 7519 section 2, NumericDate) as a date; null if it is none.</summary>
    public string? Time(string name) =>
        double.TryParse(Claim(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e11
            ? CommandLine.Terminal.Of(DateTimeOffset.UnixEpoch.AddSeconds(seconds))
            : null;

    private static Dictionary<string, string> Members(string part)
    {
        if (!Base64Url.IsValid(part))
            return [];
        using var json = JsonText.TryParseObject(Base64Url.DecodeFromChars(part));
        return json is null ? [] : json.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.TextOrNull() ?? member.Value.GetRawText(), StringComparer.Ordinal);
    }
}
