using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer;

/// <summary>
/// What the cache keeps of an accepted token. The token itself only from its first repetition on, which brings its text along: most of the
/// memory of tokens that never come again, and of the collector's work with them, is saved.
/// </summary>
/// <param name="acceptance">What its acceptance rests on.</param>
/// <param name="token">The token, if its text cannot be read again from a request; null to keep it later.</param>
/// <param name="addedAt">When it was accepted, as a timestamp of the cache's clock.</param>
internal sealed class RememberedToken(Acceptance acceptance, ValidatedToken? token, long addedAt)
{
    private ValidatedToken? _token = token;

    public Acceptance Acceptance { get; } = acceptance;

    public long AddedAt { get; } = addedAt;

    /// <param name="text">The token as this request brought it: by its hash the very text that was accepted.</param>
    public ValidatedToken Repeat(ReadOnlyMemory<char> text) => _token ??= new ValidatedToken(text, new JsonWebToken(text), Acceptance);
}
