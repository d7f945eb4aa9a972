using System.Diagnostics.CodeAnalysis;

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

    public JwksTokenFailure? Failure { get; }

    /// <summary>When asking again may help; null if unknown, or if the token itself is at fault.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What a validator of the application reported; null if none did.</summary>
    public Exception? ApplicationException { get; private init; }

    [MemberNotNullWhen(true, nameof(Token))]
    public bool IsValid => Token is not null;

    public static TokenVerdict Valid(ValidatedToken token) => new(token, null);

    public static TokenVerdict Unavailable(TimeSpan? retryAfter) => new(null, JwksTokenFailure.KeysUnavailable) { RetryAfter = retryAfter };

    public static TokenVerdict Refused(Exception? exception) =>
        new(null, JwksTokenFailure.RefusedByApplication) { ApplicationException = exception };

    public static implicit operator TokenVerdict(JwksTokenFailure failure) => new(null, failure);

    public Exception ToException() => ApplicationException ?? Failure!.Value.ToException(RetryAfter);
}
