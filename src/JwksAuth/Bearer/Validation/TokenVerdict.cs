using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using JwksAuth.Bearer.Identity;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Bearer.Validation;

/// <summary>What is to be said of a token. Refusals are results, not exceptions: they are the common case under attack.</summary>
internal readonly record struct TokenVerdict
{
    private TokenVerdict(ValidatedToken? token, JwksTokenFailure? failure)
    {
        Token = token;
        Failure = failure;
    }

    public ValidatedToken? Token { get; }

    /// <summary>Who the token speaks of: this caller's own, to change as it likes; null if the token was not accepted.</summary>
    public ClaimsIdentity? Identity { get; private init; }

    public JwksTokenFailure? Failure { get; }

    /// <summary>When asking again may help; null if unknown, or if the token itself is at fault.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What a validator of the application reported; null if none did.</summary>
    public Exception? ApplicationException { get; private init; }

    /// <summary>The signed token that was refused; empty if none was found, or if the token was accepted.</summary>
    public ReadOnlyMemory<char> RefusedToken { get; init; }

    [MemberNotNullWhen(true, nameof(Token), nameof(Identity))]
    public bool IsValid => Token is not null;

    public static TokenVerdict Valid(ValidatedToken token, ClaimsIdentity identity) => new(token, null) { Identity = identity };

    public static TokenVerdict Unavailable(TimeSpan? retryAfter) => new(null, JwksTokenFailure.KeysUnavailable) { RetryAfter = retryAfter };

    public static TokenVerdict Refused(Exception? exception) =>
        new(null, JwksTokenFailure.RefusedByApplication) { ApplicationException = exception };

    public static implicit operator TokenVerdict(JwksTokenFailure failure) => new(null, failure);

    /// <summary>
    /// The verdict where nobody proves possession of a key: there, a bound token must not pass as a plain one (RFC 9449 section 7.2).
    /// </summary>
    public TokenVerdict WithoutProof() => Token?.Acceptance.Confirmation is null ? this : JwksTokenFailure.Bound;

    /// <summary>What the refused token says and what was expected.</summary>
    public TokenDetail Detail(BearerPlan plan) => TokenDetail.Read(RefusedToken.Span, Failure!.Value, plan);

    /// <summary>Tells the log about a refused token. Unknown keys and what is our own fault have entries of their own.</summary>
    public void Report(BearerPlan plan)
    {
        if (Failure is not { } failure || failure.IsOurs() || failure == JwksTokenFailure.UnknownKey)
            return;
        if (plan.Refusals.MayReport(failure.ToWord(), out var count))
            plan.Refusals.Report(failure.ToWord(), count, Detail(plan).Text is { } detail ? $"{failure.Describe()}: {detail}" : failure.Describe());
    }

    /// <param name="plan">The rules that the token was refused by.</param>
    /// <param name="withValues">Whether somebody looks at what the token says, which costs reading it again.</param>
    public Exception ToException(BearerPlan plan, bool withValues = true) =>
        ApplicationException ?? Failure!.Value.ToException(RetryAfter, withValues && Failure.Value.IsAboutClaims() ? Detail(plan) : null);
}
