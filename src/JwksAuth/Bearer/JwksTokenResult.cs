using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using JwksAuth.Bearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth;

/// <summary>The outcome of validating a token.</summary>
public sealed class JwksTokenResult
{
    internal JwksTokenResult(TokenVerdict verdict)
    {
        Identity = verdict.Identity;
        Token = verdict.Token?.Token;
        Confirmation = verdict.Token?.Acceptance.Confirmation;
        Failure = verdict.Failure;
        RetryAfter = verdict.RetryAfter;
    }

    /// <summary>Whether the token was accepted.</summary>
    [MemberNotNullWhen(true, nameof(Identity), nameof(Token))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsValid => Failure is null;

    /// <summary>Who the token speaks of, the caller's own copy; null if it was not accepted.</summary>
    public ClaimsIdentity? Identity { get; }

    /// <summary>The parsed token; null if it was not accepted.</summary>
    public JsonWebToken? Token { get; }

    /// <summary>
    /// The key that the token is bound to: its <c>cnf</c> claim (RFC 7800 section 3.1) as JSON text. Null if the token is not bound or was not accepted.
    /// Only <see cref="IJwksTokenValidator.ValidateBoundAsync"/> accepts bound tokens; its caller must verify the proof.
    /// </summary>
    public string? Confirmation { get; }

    /// <summary>Why the token was not accepted; null if it was.</summary>
    public JwksTokenFailure? Failure { get; }

    /// <summary>The failure in words, free of anything that the token says; null if the token was accepted.</summary>
    public string? Description => Failure?.Describe();

    /// <summary>When asking again may help, for <see cref="JwksTokenFailure.KeysUnavailable"/>; null if unknown or if the token is at fault.</summary>
    public TimeSpan? RetryAfter { get; }
}
