namespace JwksAuth.Requests;

/// <param name="Text">The token; empty without one.</param>
/// <param name="IsDpop">Whether it was sent with the <c>DPoP</c> scheme (RFC 9449 section 7.1), which requires a proof.</param>
internal readonly record struct PresentedToken(ReadOnlyMemory<char> Text, bool IsDpop);
