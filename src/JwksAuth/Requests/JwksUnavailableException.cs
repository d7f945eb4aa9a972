using Microsoft.IdentityModel.Tokens;

namespace JwksAuth;

/// <summary>
/// Stands for a token of which nothing can be said, because keys are out of reach or the scheme is not configured. It is what
/// <c>AuthenticationFailed</c> and <c>Challenge</c> events see where the answer is 503; it is not thrown.
/// </summary>
public sealed class JwksUnavailableException : SecurityTokenException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="retryAfter">When asking again may help; null if that is not known.</param>
    public JwksUnavailableException(string message, TimeSpan? retryAfter)
        : base(message) => RetryAfter = retryAfter;

    /// <summary>When asking again may help; null if that cannot be said.</summary>
    public TimeSpan? RetryAfter { get; }
}
