using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Responses;

/// <summary>Why a request is refused although its token is valid.</summary>
/// <param name="Description">Shown to the caller; contains no text from outside.</param>
internal sealed record AccessRefusal(string Description)
{
    public static readonly AccessRefusal EndpointClosed = new("The endpoint is not open to this token");

    public string Error { get; init; } = "invalid_token";

    /// <summary>Whether the token cannot be judged at present; the answer is 503.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>The exception is created for event handlers and never thrown.</summary>
    public Exception ToException() =>
        IsUnavailable ? new JwksUnavailableException(Description, null) : new SecurityTokenValidationException(Description);
}
