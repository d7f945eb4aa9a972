using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using JwksAuth.Bearer.Identity;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Bearer.Validation;

/// <summary>The verdict on a token. Refusals are results, not exceptions, because they are the common case under attack.</summary>
internal readonly record struct TokenVerdict
{
    private TokenVerdict(ValidatedToken? token, JwksTokenFailure? failure)
    {
        Token = token;
        Failure = failure;
    }

    public ValidatedToken? Token { get; }

    /// <summary>The identity in the token; a copy that this caller may change. Null if the token was not accepted.</summary>
    public ClaimsIdentity? Identity { get; private init; }

    public JwksTokenFailure? Failure { get; }

    /// <summary>How long to wait before trying again; null if unknown, or if the token is invalid.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The exception from a validator of the application; null without one.</summary>
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

    /// <summary>The verdict without a proof of possession: a bound token must not pass as a plain one (RFC 9449 section 7.2).</summary>
    public TokenVerdict WithoutProof() => Token?.Acceptance.Confirmation is null ? this : JwksTokenFailure.Bound;

    /// <summary>The actual and the expected values of a refused token.</summary>
    public TokenDetail Detail(BearerPlan plan) => TokenDetail.Read(RefusedToken.Span, Failure!.Value, plan);

    /// <summary>Logs a refused token. Unknown keys and faults of our own have separate log entries.</summary>
    public void Report(BearerPlan plan)
    {
        if (Failure is not { } failure || failure.IsOurs() || failure == JwksTokenFailure.UnknownKey)
            return;
        if (plan.Refusals.MayReport(failure.ToWord(), out var count))
            plan.Refusals.Report(
                failure.ToWord(), count, Detail(plan).Text is { } detail ? $"{failure.Describe()}: {detail}" : failure.Describe());
    }

    public Exception ToException(BearerPlan plan, bool withValues = true) =>
        ApplicationException ?? Failure!.Value.ToException(RetryAfter, withValues && Failure.Value.IsAboutClaims() ? Detail(plan) : null);
}
