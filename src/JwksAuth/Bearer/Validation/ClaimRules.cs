using JwksAuth.Bearer.Issuers;
using JwksAuth.Jose;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// The rules for the claims of a token: <c>exp</c>, <c>nbf</c>, <c>iat</c> and <c>aud</c>. <see cref="IssuerPlan"/> compares <c>iss</c>.
/// For a rule about another claim, <see cref="RegisteredClaims"/> must read that claim as well.
/// </summary>
internal static class ClaimRules
{
    /// <summary>The first rule that the claims break, whoever issued the token; null if they break none.</summary>
    public static JwksTokenFailure? Judge(in RegisteredClaims claims, BearerPlan plan) =>
        JudgeLifetime(claims, plan) ?? (claims.WrongName.IsEmpty ? null : JwksTokenFailure.Malformed);

    /// <summary>The first rule of the issuer that the claims break; null if they break none.</summary>
    public static JwksTokenFailure? Judge(in RegisteredClaims claims, IssuerPlan issuer)
    {
        if (issuer.Audiences is null || claims.IsFor(issuer.Audiences))
            return null;
        return claims.Audience.IsEmpty ? JwksTokenFailure.NoAudience : JwksTokenFailure.Audience;
    }

    /// <summary>When the token expires, with the clock skew; null if it does not expire.</summary>
    public static DateTimeOffset? ExpiryOf(in RegisteredClaims claims, BearerPlan plan)
    {
        if (claims.ExpiresAt is not { } expiry)
            return null;

        // A token may expire later than the latest date.
        var seconds = expiry + plan.Rules.ClockSkew.TotalSeconds;
        return seconds < RegisteredClaims.LatestDate ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : DateTimeOffset.MaxValue;
    }

    private static JwksTokenFailure? JudgeLifetime(in RegisteredClaims claims, BearerPlan plan)
    {
        if (claims.IssuedAt is null && plan.Rules.RequiresIssuedAt)
            return JwksTokenFailure.NoIssuedAt;
        if (!plan.Rules.ValidatesLifetime)
            return null;
        if (claims.ExpiresAt is null && plan.Rules.RequiresExpiration)
            return JwksTokenFailure.NoExpiration;

        return plan.Time.Judge(claims.ExpiresAt, claims.NotBefore, claims.IssuedAt, plan.Rules.ClockSkew) switch
        {
            TimeFault.Expired => JwksTokenFailure.Expired,
            TimeFault.NotYetValid => JwksTokenFailure.NotYetValid,
            _ => null,
        };
    }
}
