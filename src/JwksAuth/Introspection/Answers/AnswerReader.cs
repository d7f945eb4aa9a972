using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Requests;

namespace JwksAuth.Introspection.Answers;

/// <param name="Verdict">The verdict; null if the text is not an introspection response.</param>
/// <param name="Oddity">The fault of the response, for the log; null if there is none. Always set without a verdict.</param>
internal readonly record struct Judgement(IntrospectionVerdict? Verdict, string? Oddity);

/// <summary>Reads an introspection response (RFC 7662 section 2.2): whether the token is active, then each stated member.</summary>
internal sealed class AnswerReader(AnswerRules rules)
{
    private const double EarliestDate = -62_135_596_800;
    private const double LatestDate = 253_402_300_799;

    /// <param name="proof">The key that verified a signed response; null for a plain one.</param>
    public Judgement Read(byte[] json, string issuer, AnswerProof? proof)
    {
        using var document = JsonText.TryParseObject(json);
        if (document is null)
            return new(null, $"the response {JsonFault.Of(json)}");

        // Only the JSON literal true counts; the string "true" or a number does not. Other members of an inactive token do not matter.
        var answer = document.RootElement;
        switch (answer.MemberOrNull("active")?.ValueKind)
        {
            case JsonValueKind.False:
                return new(IntrospectionFailure.Inactive, null);
            case not JsonValueKind.True:
                return new(null, "the response has no member 'active' that is true or false");
        }

        var claims = new AnswerClaims(answer);
        if (claims.UnreadableLimit is { } limit)
            return new(IntrospectionFailure.UntrustedAnswer, $"the member '{limit}' is not a number");
        IntrospectionVerdict verdict = Fault(answer, claims, issuer) is { } failure
            ? failure
            : IntrospectionVerdict.Active(Accept(answer.Clone(), claims, json.Length, issuer, proof));
        return new(verdict, claims.OddMember is { } odd ? $"the member '{odd}' has a value of an unexpected type" : null);
    }

    private IntrospectionFailure? Fault(JsonElement answer, AnswerClaims claims, string issuer)
    {
        if (!TokenKind.IsAccessToken(answer) || (!rules.AcceptsUndescribed && !TokenKind.IsDescribed(answer)))
            return IntrospectionFailure.NotAccessToken;
        if (!claims.MayBeFrom(issuer))
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

    private IntrospectionFailure? LifetimeFault(AnswerClaims claims) =>
        rules.Time.Judge(claims.ExpiresAt, claims.NotBefore, claims.IssuedAt, rules.ClockSkew) switch
        {
            TimeFault.Expired => IntrospectionFailure.Expired,
            TimeFault.NotYetValid => IntrospectionFailure.NotYetValid,
            _ => null,
        };

    private ActiveToken Accept(JsonElement answer, AnswerClaims claims, int size, string issuer, AnswerProof? proof) => new(
        issuer,
        AnswerIdentity.Create(answer, rules, issuer, rules.ServiceProviderClaim is null ? null : ServiceProvider(answer)),
        answer,
        size,
        DateOf(claims.IssuedAt),
        DateOf(claims.ExpiresAt),
        TokenKind.Confirmation(answer),
        proof);

    // Some servers send dates that no calendar has, for example in milliseconds.
    private static DateTimeOffset? DateOf(double? seconds) => seconds switch
    {
        null => null,
        <= EarliestDate => DateTimeOffset.MinValue,
        >= LatestDate => DateTimeOffset.MaxValue,
        { } value => DateTimeOffset.UnixEpoch.AddSeconds(value),
    };

    private string? ServiceProvider(JsonElement answer) =>
        ServiceProviderClaim.Find(AnswerIdentity.Strings(answer, rules.ServiceProviderClaim!), rules.Audiences ?? []);

    // Scopes separated by spaces (RFC 7662 section 2.2); some servers send a list.
    private static IEnumerable<string> Scopes(JsonElement answer) =>
        AnswerIdentity.Strings(answer, "scope").SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
