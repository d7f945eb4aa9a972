using System.Security.Claims;
using JwksAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer;

/// <summary>A token that was accepted, with what its acceptance rests on.</summary>
/// <param name="token">The parsed token.</param>
/// <param name="identity">The identity made from it.</param>
/// <param name="plan">The plan that accepted it.</param>
/// <param name="key">The key that verified it.</param>
/// <param name="source">Where the key came from.</param>
/// <param name="expiresAt">When the token expires, the clock skew included; null if it never does.</param>
internal sealed class ValidatedToken(
    JsonWebToken token, ClaimsIdentity identity, BearerPlan plan, VerificationKey key, IKeySource source, DateTimeOffset? expiresAt)
{
    // Most tokens of a busy API come again, and most of a batch job do not: the first request gets the identity itself, and a template to
    // copy is only made for the second.
    private ClaimsIdentity? _first = identity;
    private ClaimsIdentity? _template;
    private AuthenticationProperties? _properties;

    public JsonWebToken Token { get; } = token;

    public VerificationKey Key { get; } = key;

    public IKeySource Source { get; } = source;

    public DateTimeOffset? ExpiresAt { get; } = expiresAt;

    /// <summary>A copy that a request may change.</summary>
    public ClaimsIdentity CreateIdentity() =>
        _first is not null && Interlocked.Exchange(ref _first, null) is { } first
            ? first
            : (_template ??= plan.Handler.CreateIdentity(Token, plan.Parameters)).Clone();

    /// <summary>A copy that a request may change.</summary>
    public AuthenticationProperties CreateProperties() => (_properties ??= DescribeLifetime()).Clone();

    // The dates are kept as text in there: formatting them once per token is enough.
    private AuthenticationProperties DescribeLifetime() => new()
    {
        ExpiresUtc = DateOf(Token.ValidTo),
        IssuedUtc = DateOf(Token.ValidFrom),
    };

    private static DateTimeOffset? DateOf(DateTime time) =>
        time == DateTime.MinValue ? null : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
