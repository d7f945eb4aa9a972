using JwksAuth.Bearer.Issuers;
using JwksAuth.Keys;

namespace JwksAuth.Bearer.Identity;

/// <summary>What it rests on that a token was accepted.</summary>
/// <param name="Key">The key that verified it.</param>
/// <param name="Issuer">The issuer whose key it is.</param>
/// <param name="ExpiresAt">When the token expires, the clock skew included; null if it never does.</param>
/// <param name="Confirmation">
/// What the token is bound to (<c>cnf</c>), as JSON text; null if it is not bound. Its proof is asked of every request: that the token was
/// accepted before proves nothing about who sends it now.
/// </param>
internal sealed record Acceptance(VerificationKey Key, IssuerPlan Issuer, DateTimeOffset? ExpiresAt, string? Confirmation);
