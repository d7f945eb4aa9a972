using System.Text.Json;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Schemes;

namespace JwksAuth.Introspection;

/// <summary>Judges what an introspection response says (RFC 7662 section 2.2): first whether the token is active, then each member as far as it is there.</summary>
internal sealed class AnswerJudge(AnswerRules rules)
{
    /// <summary>The verdict; null if the text is no introspection response.</summary>
    /// <param name="json">The response.</param>
    /// <param name="issuer">The authorization server.</param>
    /// <param name="proof">What a signed answer rests on; null for a plain one.</param>
    public IntrospectionVerdict? Judge(byte[] json, string issuer, AnswerProof? proof)
    {
        if (!RegisteredClaims.TryRead(json, out var claims))
            return null;

        using var document = JsonText.TryParseObject(json);
        if (document is null || !document.RootElement.TryGetProperty("active", out var active))
            return null;

        // Only the JSON value true is true: the text "true" or a number vouches for nothing.
        return active.ValueKind switch
        {
            JsonValueKind.False => IntrospectionFailure.Inactive,
            JsonValueKind.True => Fault(document.RootElement, claims, issuer) is { } failure
                ? failure
                : IntrospectionVerdict.Active(Accept(document.RootElement.Clone(), claims, json.Length, issuer, proof)),
            _ => null,
        };
    }

    private IntrospectionFailure? Fault(JsonElement answer, RegisteredClaims claims, string issuer)
    {
        if (!TokenKind.IsAccessToken(answer) || (!rules.AcceptsUndescribed && !TokenKind.IsDescribed(answer)))
            return IntrospectionFailure.NotAccessToken;
        if (!claims.Issuer.IsEmpty && !JsonMembers.IsString(claims.Issuer, issuer))
            return IntrospectionFailure.Issuer;
        if (LifetimeFault(claims) is { } lifetimeFault)
            return lifetimeFault;
        if (rules.Audiences is { } audiences && !claims.IsFor(audiences))
            return IntrospectionFailure.Audience;
        if (rules.ServiceProviderClaim is not null && ServiceProvider(answer) is null)
            return IntrospectionFailure.NoServiceProvider;
        return rules.RequiredScopes is { Length: > 0 } required && !Scopes(answer).Intersect(required, StringComparer.Ordinal).Any()
            ? IntrospectionFailure.InsufficientScope
            : null;
    }

    private IntrospectionFailure? LifetimeFault(RegisteredClaims claims)
    {
        var now = (rules.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var skew = rules.ClockSkew.TotalSeconds;
        if (claims.ExpiresAt + skew <= now)
            return IntrospectionFailure.Expired;
        return claims.NotBefore - skew > now || claims.IssuedAt - skew > now ? IntrospectionFailure.NotYetValid : null;
    }

    private ActiveToken Accept(JsonElement answer, RegisteredClaims claims, int size, string issuer, AnswerProof? proof) => new(
        issuer,
        AnswerIdentity.Create(answer, rules, issuer, rules.ServiceProviderClaim is null ? null : ServiceProvider(answer)),
        answer,
        size,
        DateOf(claims.IssuedAt),
        DateOf(claims.ExpiresAt),
        TokenKind.Confirmation(answer),
        proof);

    private static DateTimeOffset? DateOf(double? seconds) => seconds is { } value ? DateTimeOffset.UnixEpoch.AddSeconds(value) : null;

    private string? ServiceProvider(JsonElement answer) =>
        ServiceProviderClaim.Find(AnswerIdentity.Strings(answer, rules.ServiceProviderClaim!), rules.Audiences ?? []);

    // A string of scopes separated by spaces (RFC 7662 section 2.2); some servers send a list.
    private static IEnumerable<string> Scopes(JsonElement answer) =>
        AnswerIdentity.Strings(answer, "scope").SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
