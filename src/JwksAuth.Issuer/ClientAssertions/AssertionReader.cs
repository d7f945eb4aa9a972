
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>An assertion whose form and claims are good; whether its client made it is still to be proved.</summary>
/// <param name="Token">The token.</param>
/// <param name="ClientId">The client that it claims to be from.</param>
/// <param name="Identifier">Its <c>jti</c>.</param>
/// <param name="GoodFor">How long it could be used again.</param>
internal sealed record ClaimedAssertion(SignedToken Token, string ClientId, string Identifier, TimeSpan GoodFor);

/// <summary>Judges what can be judged of an assertion before anybody is asked for its client (RFC 7523 section 3): an assertion that cannot pass costs no fetch.</summary>
internal sealed class AssertionReader(AssertionPlan plan, TimeProvider time)
{
    /// <summary>The longest client identifier, and the longest <c>jti</c>.</summary>
    public const int MaximumNameLength = 256;

    private const int MaximumLength = 16 * 1024;

    // The last is of the update of RFC 7523 (section 4). Older clients state no type, or that of any JWT.
    private static readonly string[] Types = ["JWT", "client-authentication+jwt"];

    /// <summary>Reads an assertion; null for one that cannot pass.</summary>
    public ClaimedAssertion? TryRead(string assertion, string? clientId, out JwksClientAssertionFailure failure)
    {
        failure = JwksClientAssertionFailure.TooLong;
        if (assertion.Length > MaximumLength)
            return null;
        if (SignedToken.TryRead(assertion, Types, mayLackType: true, out var fault) is not { } token)
        {
            failure = fault.ToFailure();
            return null;
        }

        failure = JwksClientAssertionFailure.Algorithm;
        if (!plan.Algorithms.Contains(token.Algorithm))
            return null;
        failure = JwksClientAssertionFailure.Malformed;
        if (!RegisteredClaims.TryRead(token.Payload, out var registered))
            return null;
        using var document = JsonText.TryParseObject(token.Payload);
        if (document is null)
            return null;

        // RFC 7523 section 3: issuer and subject are the client. One that is named beside must be the same.
        failure = JwksClientAssertionFailure.ClientMismatch;
        if (document.RootElement.StringOrNull("sub") is not { Length: > 0 and <= MaximumNameLength } subject
            || document.RootElement.StringOrNull("iss") != subject || (clientId is not null && clientId != subject))
            return null;
        failure = JwksClientAssertionFailure.NoIdentifier;
        if (document.RootElement.StringOrNull("jti") is not { Length: > 0 and <= MaximumNameLength } identifier)
            return null;
        if ((AudienceFault(registered) ?? TimeFault(registered)) is { } claimFault)
        {
            failure = claimFault;
            return null;
        }

        return new ClaimedAssertion(token, subject, identifier, TimeSpan.FromSeconds(registered.ExpiresAt!.Value - Now) + plan.ClockSkew);
    }

    private double Now => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private JwksClientAssertionFailure? AudienceFault(RegisteredClaims claims)
    {
        var isForUs = claims.IsFor(plan.Audiences) && (plan.AcceptsSeveralAudiences || IsSingle(claims.Audience));
        return isForUs ? null : JwksClientAssertionFailure.Audience;
    }

    private JwksClientAssertionFailure? TimeFault(RegisteredClaims claims)
    {
        var now = Now;
        var skew = plan.ClockSkew.TotalSeconds;
        if (claims.ExpiresAt is not { } expiresAt)
            return JwksClientAssertionFailure.NoExpiration;
        if (expiresAt + skew <= now)
            return JwksClientAssertionFailure.Expired;
        if (expiresAt - now > plan.MaximumLifetime.TotalSeconds + skew)
            return JwksClientAssertionFailure.LifetimeTooLong;
        return claims.NotBefore - skew > now || claims.IssuedAt - skew > now ? JwksClientAssertionFailure.NotYetValid : null;
    }

    private static bool IsSingle(ReadOnlySpan<byte> audience)
    {
        if (audience[0] == '"')
            return true;
        var all = new JsonStrings(audience);
        return all.MoveNext() && !all.MoveNext();
    }
}
