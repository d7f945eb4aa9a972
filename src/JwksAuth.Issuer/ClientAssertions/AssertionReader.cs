using JwksAuth.Foundation.Json;
using JwksAuth.Jose;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>An assertion with valid form and claims, but an unverified signature.</summary>
/// <param name="Identifier">Its <c>jti</c>.</param>
internal sealed record ClaimedAssertion(SignedToken Token, string ClientId, string Identifier, TimeSpan GoodFor);

/// <summary>Checks the form and claims of an assertion (RFC 7523 section 3) first, so that an invalid one causes no fetch.</summary>
internal sealed class AssertionReader(AssertionPlan plan, TimeProvider time)
{
    /// <summary>The maximum length of a client identifier and of a <c>jti</c>, in characters.</summary>
    public const int MaximumNameLength = 256;

    private const int MaximumLength = 16 * 1024;

    public ClaimedAssertion? TryRead(string assertion, string? clientId, out JwksClientAssertionFailure failure)
    {
        failure = JwksClientAssertionFailure.TooLong;
        if (assertion.Length > MaximumLength)
            return null;
        if (SignedToken.TryRead(assertion, plan.Header, out var fault) is not { } token)
        {
            failure = fault.ToFailure();
            return null;
        }

        failure = JwksClientAssertionFailure.Malformed;
        if (!RegisteredClaims.TryRead(token.Payload, out var registered))
            return null;
        using var document = JsonText.TryParseObject(token.Payload);
        if (document is null)
            return null;

        // RFC 7523 section 3: issuer and subject are the client. A client_id parameter must match.
        failure = JwksClientAssertionFailure.ClientMismatch;
        if (document.RootElement.StringOrNull("sub") is not { Length: > 0 and <= MaximumNameLength } subject
            || document.RootElement.StringOrNull("iss") != subject || (clientId is not null && clientId != subject))
            return null;
        failure = JwksClientAssertionFailure.NoIdentifier;
        if (document.RootElement.StringOrNull("jti") is not { Length: > 0 and <= MaximumNameLength } identifier)
            return null;
        if ((FaultOfAudience(registered) ?? FaultOfTimes(registered)) is { } claimFault)
        {
            failure = claimFault;
            return null;
        }

        var goodFor = TimeSpan.FromSeconds(registered.ExpiresAt!.Value - time.SecondsSince1970()) + plan.ClockSkew;
        return new ClaimedAssertion(token, subject, identifier, goodFor);
    }

    private JwksClientAssertionFailure? FaultOfAudience(RegisteredClaims claims)
    {
        var isForUs = claims.IsFor(plan.Audiences) && (plan.AcceptsSeveralAudiences || IsSingle(claims.Audience));
        return isForUs ? null : JwksClientAssertionFailure.Audience;
    }

    private JwksClientAssertionFailure? FaultOfTimes(RegisteredClaims claims)
    {
        if (claims.ExpiresAt is not { } expiresAt)
            return JwksClientAssertionFailure.NoExpiration;
        var fault = time.Judge(expiresAt, claims.NotBefore, claims.IssuedAt, plan.ClockSkew);
        if (fault == TimeFault.Expired)
            return JwksClientAssertionFailure.Expired;
        if (expiresAt - time.SecondsSince1970() > plan.MaximumLifetime.TotalSeconds + plan.ClockSkew.TotalSeconds)
            return JwksClientAssertionFailure.LifetimeTooLong;
        return fault is null ? null : JwksClientAssertionFailure.NotYetValid;
    }

    private static bool IsSingle(ReadOnlySpan<byte> audience)
    {
        if (audience[0] == '"')
            return true;
        var all = new JsonStrings(audience);
        return all.MoveNext() && !all.MoveNext();
    }
}
