using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace JwksAuth.Bearer;

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

    public Exception ToException() => ApplicationException ?? Failure!.Value.ToException(RetryAfter);
}
