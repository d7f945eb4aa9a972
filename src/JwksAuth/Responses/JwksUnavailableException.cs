using Microsoft.IdentityModel.Tokens;

namespace JwksAuth;

/// <summary>
/// Reported for a token that cannot be judged, because keys are unavailable or the scheme is misconfigured. The <c>AuthenticationFailed</c>
/// and <c>Challenge</c> events receive it when the answer is 503; authentication does not throw it.
/// </summary>
public sealed class JwksUnavailableException : SecurityTokenException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="retryAfter">How long to wait before trying again; null if unknown.</param>
    public JwksUnavailableException(string message, TimeSpan? retryAfter)
        : base(message) => RetryAfter = retryAfter;

    /// <summary>How long to wait before trying again; null if unknown.</summary>
    public TimeSpan? RetryAfter { get; }
}
