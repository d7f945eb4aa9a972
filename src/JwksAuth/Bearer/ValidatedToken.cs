using System.Security.Claims;
using JwksAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer;

/// <summary>A token that was accepted, with what its acceptance rests on.</summary>
/// <param name="Token">The parsed token.</param>
/// <param name="Identity">The identity made from it: a template that is cloned for each request.</param>
/// <param name="Key">The key that verified it.</param>
/// <param name="Source">Where the key came from.</param>
/// <param name="ExpiresAt">When the token expires, the clock skew included; null if it never does.</param>
internal sealed record ValidatedToken(
    JsonWebToken Token, ClaimsIdentity Identity, VerificationKey Key, IKeySource Source, DateTimeOffset? ExpiresAt)
{
    // Dates are kept as text in there: formatting them once per token is enough.
    private readonly AuthenticationProperties _properties = new()
    {
        ExpiresUtc = DateOf(Token.ValidTo),
        IssuedUtc = DateOf(Token.ValidFrom),
    };

    /// <summary>A copy that a request may change.</summary>
    public ClaimsPrincipal CreatePrincipal() => new(Identity.Clone());

    /// <summary>A copy that a request may change.</summary>
    public AuthenticationProperties CreateProperties() => _properties.Clone();

    private static DateTimeOffset? DateOf(DateTime time) =>
        time == DateTime.MinValue ? null : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
