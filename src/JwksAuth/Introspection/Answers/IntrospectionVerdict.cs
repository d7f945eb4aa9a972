using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys;

namespace JwksAuth.Introspection.Answers;

/// <summary>A token that the authorization server vouches for and that the scheme accepts.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="Identity">The identity made from the answer: a template that is cloned for each request.</param>
/// <param name="Answer">The whole answer.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IssuedAt">When the token was issued; null if the answer does not say.</param>
/// <param name="ExpiresAt">When it expires; null if the answer does not say.</param>
/// <param name="Confirmation">What it is bound to (<c>cnf</c>, RFC 7800), as JSON text; null if it is not bound.</param>
/// <param name="Proof">The key that verified the answer; null for a plain one.</param>
internal sealed record ActiveToken(
    string Issuer, ClaimsIdentity Identity, JsonElement Answer, int Size, DateTimeOffset? IssuedAt, DateTimeOffset? ExpiresAt, string? Confirmation, AnswerProof? Proof);

/// <summary>What a signed answer rests on.</summary>
/// <param name="Key">The key that verified it.</param>
/// <param name="Source">Where the key came from.</param>
internal sealed record AnswerProof(VerificationKey Key, IKeySource Source)
{
    public bool IsCurrent => Source.IsCurrent(Key);
}

/// <summary>What is to be said of a token. Refusals are results, not exceptions.</summary>
internal sealed record IntrospectionVerdict
{
    private IntrospectionVerdict()
    {
    }

    public ActiveToken? Token { get; private init; }

    public IntrospectionFailure? Failure { get; private init; }

    /// <summary>When asking again may help; null if unknown, or if the token itself is at fault.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    [MemberNotNullWhen(true, nameof(Token))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsActive => Token is not null;

    /// <summary>A fixed word for metrics.</summary>
    public string Outcome => Failure?.ToWord() ?? "active";

    public static IntrospectionVerdict Active(ActiveToken token) => new() { Token = token };

    public static IntrospectionVerdict Unavailable(IntrospectionFailure failure, TimeSpan? retryAfter) =>
        new() { Failure = failure, RetryAfter = retryAfter };

    public static implicit operator IntrospectionVerdict(IntrospectionFailure failure) => new() { Failure = failure };
}
