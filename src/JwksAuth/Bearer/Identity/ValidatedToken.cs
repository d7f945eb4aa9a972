using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer.Identity;

/// <summary>An accepted token, with its text as it was received.</summary>
internal sealed class ValidatedToken(ReadOnlyMemory<char> received, JsonWebToken token, Acceptance acceptance)
{
    private string? _text;

    public JsonWebToken Token { get; } = token;

    public Acceptance Acceptance { get; } = acceptance;

    /// <summary>Whether a request contains exactly this token.</summary>
    public bool IsTextOf(ReadOnlySpan<char> text) => text.SequenceEqual(received.Span);

    /// <summary>Creates properties that belong to one request, which may change them.</summary>
    /// <param name="storesToken">Whether they contain the token, as <c>access_token</c>.</param>
    public AuthenticationProperties CreateProperties(bool storesToken) => new(new TokenProperties(this, storesToken));

    public void StoreToken(AuthenticationProperties properties) =>
        properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = _text ??= received.ToString() }]);

    public AuthenticationProperties DescribeLifetime() => new()
    {
        ExpiresUtc = DateOf(Token.ValidTo),
        IssuedUtc = DateOf(Token.ValidFrom),
    };

    private static DateTimeOffset? DateOf(DateTime time) =>
        time == DateTime.MinValue ? null : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
