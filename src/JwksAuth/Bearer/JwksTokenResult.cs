using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using JwksAuth.Bearer.Validation;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth;

/// <summary>The outcome of validating a token.</summary>
public sealed class JwksTokenResult
{
    private JwksTokenResult(
        ClaimsIdentity? identity, JsonWebToken? token, string? confirmation, JwksTokenFailure? failure, TimeSpan? retryAfter)
    {
        Identity = identity;
        Token = token;
        Confirmation = confirmation;
        Failure = failure;
        RetryAfter = retryAfter;
    }

    internal JwksTokenResult(TokenVerdict verdict)
        : this(verdict.Identity, verdict.Token?.Token, verdict.Token?.Acceptance.Confirmation, verdict.Failure, verdict.RetryAfter)
    {
    }

    /// <summary>Whether the token was accepted.</summary>
    [MemberNotNullWhen(true, nameof(Identity), nameof(Token))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsValid => Failure is null;

    /// <summary>The identity in the token; a copy for this caller. Null if the token was not accepted.</summary>
    public ClaimsIdentity? Identity { get; }

    /// <summary>The parsed token; null if it was not accepted.</summary>
    public JsonWebToken? Token { get; }

    /// <summary>
    /// The key that the token is bound to: its <c>cnf</c> claim (RFC 7800 section 3.1) as JSON text. Null if the token is not bound or was
    /// not accepted. Only <see cref="IJwksTokenValidator.ValidateBoundAsync"/> accepts bound tokens; its caller must verify the proof.
    /// </summary>
    public string? Confirmation { get; }

    /// <summary>Why the token was not accepted; null if it was.</summary>
    public JwksTokenFailure? Failure { get; }

    /// <summary>A description of the failure without any text from the token; null if the token was accepted.</summary>
    public string? Description => Failure?.Describe();

    /// <summary>When to try again after <see cref="JwksTokenFailure.KeysUnavailable"/>; null if unknown, or for other failures.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The result for an accepted token, for tests of code that calls <see cref="IJwksTokenValidator"/>.</summary>
    /// <param name="identity">The identity in the token.</param>
    /// <param name="token">The parsed token.</param>
    /// <param name="confirmation">The key that the token is bound to, as JSON text; null if it is not bound.</param>
    public static JwksTokenResult Valid(ClaimsIdentity identity, JsonWebToken token, string? confirmation = null)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(token);
        return new JwksTokenResult(identity, token, confirmation, null, null);
    }

    /// <summary>The result for a token that was not accepted, for tests of code that calls <see cref="IJwksTokenValidator"/>.</summary>
    /// <param name="failure">Why the token was not accepted.</param>
    /// <param name="retryAfter">How long to wait before trying again; null if unknown or if the token is invalid.</param>
    public static JwksTokenResult Refused(JwksTokenFailure failure, TimeSpan? retryAfter = null) =>
        new(null, null, null, failure, retryAfter);
}
