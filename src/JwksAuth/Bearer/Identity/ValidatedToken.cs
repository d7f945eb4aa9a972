using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer.Identity;

/// <summary>A token that was accepted.</summary>
/// <param name="received">The token as the request brought it.</param>
/// <param name="token">The parsed token.</param>
/// <param name="acceptance">What its acceptance rests on.</param>
internal sealed class ValidatedToken(ReadOnlyMemory<char> received, JsonWebToken token, Acceptance acceptance)
{
    private string? _text;

    public JsonWebToken Token { get; } = token;

    public Acceptance Acceptance { get; } = acceptance;

    /// <summary>Whether this is the very token that a request brings, to the last character.</summary>
    public bool IsTextOf(ReadOnlySpan<char> text) => text.SequenceEqual(received.Span);

    /// <summary>Properties that a request may change.</summary>
    /// <param name="storesToken">Whether the token is stored in them, as <c>access_token</c>.</param>
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
