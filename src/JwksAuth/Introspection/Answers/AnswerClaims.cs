using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Introspection.Answers;

/// <summary>
/// The registered members of an introspection response (RFC 7662 section 2.2) or of the JWT around it (RFC 9701 section 5). A member of an
/// unexpected type is ignored, unless it limits the token.
/// </summary>
internal sealed class AnswerClaims(JsonElement answer)
{
    private static readonly string[] Texts = ["iss", "sub", "jti", "username", "token_type"];
    private static readonly string[] TextLists = ["aud", "scope", "client_id"];
    private static readonly string[] Dates = ["exp", "nbf", "iat"];

    public string? Issuer { get; } = answer.StringOrNull("iss");

    /// <summary>Seconds since the epoch; null if absent or not a number.</summary>
    public double? ExpiresAt { get; } = DateOf(answer, "exp");

    public double? NotBefore { get; } = DateOf(answer, "nbf");

    public double? IssuedAt { get; } = DateOf(answer, "iat");

    /// <summary>The name of an unreadable lifetime limit; null if there is none.</summary>
    public string? UnreadableLimit => IsStated("exp") && ExpiresAt is null ? "exp" : IsStated("nbf") && NotBefore is null ? "nbf" : null;

    /// <summary>The first member with a value of an unexpected type; null if there is none.</summary>
    public string? OddMember =>
        Texts.FirstOrDefault(name => IsStated(name) && answer.StringOrNull(name) is null)
        ?? TextLists.FirstOrDefault(name => answer.StatedOrNull(name) is { } value && !IsTextOrTexts(value))
        ?? Dates.FirstOrDefault(name => IsStated(name) && DateOf(answer, name) is null);

    public bool MayBeFrom(string issuer) => !IsStated("iss") || Issuer == issuer;

    public bool IsFor(IEnumerable<string> audiences) =>
        AnswerIdentity.Strings(answer, "aud").Intersect(audiences, StringComparer.Ordinal).Any();

    private bool IsStated(string name) => answer.StatedOrNull(name) is not null;

    private static bool IsTextOrTexts(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().All(item => item.TextOrNull() is not null)
        : value.TextOrNull() is not null;

    private static double? DateOf(JsonElement answer, string name) =>
        answer.MemberOrNull(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var seconds) ? seconds : null;
}
