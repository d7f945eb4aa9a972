using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys;

namespace JwksAuth.Introspection.Answers;

/// <summary>An active token that the scheme accepts.</summary>
/// <param name="Size">The size of the response in bytes.</param>
/// <param name="IssuedAt">When the token was issued; null if not stated.</param>
/// <param name="ExpiresAt">When it expires; null if not stated.</param>
/// <param name="Confirmation">The confirmation (<c>cnf</c>, RFC 7800) as JSON; null if the token is not bound.</param>
/// <param name="Proof">The key that verified a signed response; null for a plain one.</param>
internal sealed record ActiveToken(
    string Issuer, ClaimsIdentity Identity, JsonElement Answer, int Size, DateTimeOffset? IssuedAt, DateTimeOffset? ExpiresAt,
    string? Confirmation, AnswerProof? Proof);

/// <summary>The key that verified a signed response, and its source.</summary>
internal sealed record AnswerProof(VerificationKey Key, IKeySource Source)
{
    public bool IsCurrent => Source.IsCurrent(Key);
}

/// <summary>The verdict on a token. A rejection is a result, not an exception.</summary>
internal sealed record IntrospectionVerdict
{
    private IntrospectionVerdict()
    {
    }

    public ActiveToken? Token { get; private init; }

    public IntrospectionFailure? Failure { get; private init; }

    /// <summary>When to try again; null if unknown, or if the token is at fault.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    [MemberNotNullWhen(true, nameof(Token))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsActive => Token is not null;

    public string Outcome => Failure?.ToWord() ?? "active";

    public static IntrospectionVerdict Active(ActiveToken token) => new() { Token = token };

    public static IntrospectionVerdict Unavailable(IntrospectionFailure failure, TimeSpan? retryAfter) =>
        new() { Failure = failure, RetryAfter = retryAfter };

    public static implicit operator IntrospectionVerdict(IntrospectionFailure failure) => new() { Failure = failure };
}
