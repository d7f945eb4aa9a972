using System.Security.Claims;
using JwksAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer;

/// <summary>A token that was accepted, with what its acceptance rests on.</summary>
/// <param name="received">The token as the request brought it.</param>
/// <param name="token">The parsed token.</param>
/// <param name="identity">The identity made from it.</param>
/// <param name="key">The key that verified it.</param>
/// <param name="source">Where the key came from.</param>
/// <param name="expiresAt">When the token expires, the clock skew included; null if it never does.</param>
/// <param name="confirmation">What the token is bound to (<c>cnf</c>), as JSON text; null if it is not bound.</param>
internal sealed class ValidatedToken(
    ReadOnlyMemory<char> received,
    JsonWebToken token,
    ClaimsIdentity identity,
    VerificationKey key,
    IKeySource source,
    DateTimeOffset? expiresAt,
    string? confirmation)
{
    private AuthenticationProperties? _properties;
    private AuthenticationProperties? _propertiesWithToken;

    public JsonWebToken Token { get; } = token;

    public VerificationKey Key { get; } = key;

    public IKeySource Source { get; } = source;

    public DateTimeOffset? ExpiresAt { get; } = expiresAt;

    /// <summary>Its proof is asked of every request: that the token was accepted before proves nothing about who sends it now.</summary>
    public string? Confirmation { get; } = confirmation;

    /// <summary>
    /// A copy that a request may change. It is whole from the start: constructors that take an identity read the claims of another past
    /// every override, so that one that copied its claims later would lose them in <c>new ClaimsIdentity(user.Identity)</c>.
    /// </summary>
    public ClaimsIdentity CreateIdentity() => identity.Clone();

    /// <summary>A copy that a request may change.</summary>
    public AuthenticationProperties CreateProperties() => (_properties ??= DescribeLifetime()).Clone();

    /// <summary>A copy that a request may change, with the token stored in it as <c>access_token</c>.</summary>
    public AuthenticationProperties CreatePropertiesWithToken() => (_propertiesWithToken ??= StoreToken(DescribeLifetime())).Clone();

    public AuthenticationProperties StoreToken(AuthenticationProperties properties)
    {
        properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = received.ToString() }]);
        return properties;
    }

    // The dates are kept as text in there: formatting them once per token is enough.
    private AuthenticationProperties DescribeLifetime() => new()
    {
        ExpiresUtc = DateOf(Token.ValidTo),
        IssuedUtc = DateOf(Token.ValidFrom),
    };

    private static DateTimeOffset? DateOf(DateTime time) =>
        time == DateTime.MinValue ? null : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
