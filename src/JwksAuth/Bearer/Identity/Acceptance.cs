using JwksAuth.Bearer.Issuers;
using JwksAuth.Keys;

namespace JwksAuth.Bearer.Identity;

/// <param name="ExpiresAt">When the token expires, including the clock skew; null if it never expires.</param>
/// <param name="Confirmation">
/// What the token is bound to (<c>cnf</c>), as JSON text; null if it is not bound. Every request must prove possession again: an earlier
/// acceptance proves nothing about the current sender.
/// </param>
internal sealed record Acceptance(VerificationKey Key, IssuerPlan Issuer, DateTimeOffset? ExpiresAt, string? Confirmation);
