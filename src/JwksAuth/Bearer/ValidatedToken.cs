using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>A token that was accepted.</summary>
/// <param name="received">The token as the request brought it.</param>
/// <param name="token">The parsed token.</param>
/// <param name="acceptance">What its acceptance rests on.</param>
internal sealed class ValidatedToken(ReadOnlyMemory<char> received, JsonWebToken token, Acceptance acceptance)
{
    private ClaimsIdentity? _identity;
    private ImmutableDictionary<string, string?>? _items;
    private ImmutableDictionary<string, string?>? _itemsWithToken;

    public JsonWebToken Token { get; } = token;

    public Acceptance Acceptance { get; } = acceptance;

    /// <summary>Whether this is the very token that a request brings, to the last character.</summary>
    public bool IsTextOf(ReadOnlySpan<char> text) => text.SequenceEqual(received.Span);

    // Copying from patterns pays from the first repetition on; a token that never comes again does not pay for them.
    private bool IsRepeated => _identity is not null;

    /// <summary>
    /// The identity once more, for another request with the same token. A copy is whole from the start: constructors that take an identity
    /// read the claims of another past every override, so that one that copied its claims later would lose them in
    /// <c>new ClaimsIdentity(user.Identity)</c>.
    /// </summary>
    public ClaimsIdentity RepeatIdentity(JwksTokenHandler handler, TokenValidationParameters parameters) =>
        (_identity ??= handler.CreateIdentity(Token, parameters)).Clone();

    /// <summary>Properties that a request may change.</summary>
    public AuthenticationProperties CreateProperties() =>
        IsRepeated ? Copy(_items ??= DescribeLifetime().Items.ToImmutableDictionary()) : DescribeLifetime();

    /// <summary>Properties that a request may change, with the token stored in them as <c>access_token</c>.</summary>
    public AuthenticationProperties CreatePropertiesWithToken() =>
        IsRepeated ? Copy(_itemsWithToken ??= StoreToken(DescribeLifetime()).Items.ToImmutableDictionary()) : StoreToken(DescribeLifetime());

    public AuthenticationProperties StoreToken(AuthenticationProperties properties)
    {
        properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = received.ToString() }]);
        return properties;
    }

    // A builder copies nothing until something is written.
    private static AuthenticationProperties Copy(ImmutableDictionary<string, string?> items) => new(items.ToBuilder());

    private AuthenticationProperties DescribeLifetime() => new()
    {
        ExpiresUtc = DateOf(Token.ValidTo),
        IssuedUtc = DateOf(Token.ValidFrom),
    };

    private static DateTimeOffset? DateOf(DateTime time) =>
        time == DateTime.MinValue ? null : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
