using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using JwksAuth.Keys;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer;

/// <summary>A token that was accepted, with what its acceptance rests on.</summary>
/// <param name="Token">The parsed token.</param>
/// <param name="Identity">The identity made from it: a template that is cloned for each request.</param>
/// <param name="Key">The key that verified it.</param>
/// <param name="Source">Where the key came from.</param>
/// <param name="ExpiresAt">When the token expires, the clock skew included; null if it never does.</param>
internal sealed record ValidatedToken(
    JsonWebToken Token, ClaimsIdentity Identity, VerificationKey Key, IKeySource Source, DateTimeOffset? ExpiresAt);

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
