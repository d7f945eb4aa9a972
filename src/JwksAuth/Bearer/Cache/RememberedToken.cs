namespace JwksAuth.Bearer;

/// <param name="Token">The token as it was accepted, with its text.</param>
/// <param name="AddedAt">When it came into the cache, as a timestamp of the cache's clock.</param>
internal sealed record RememberedToken(ValidatedToken Token, long AddedAt);
