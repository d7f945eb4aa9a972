using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Requests;

/// <summary>Why a token that is good in itself is not accepted on a request.</summary>
/// <param name="Description">For the caller; nothing that came from outside is in it.</param>
internal sealed record AccessRefusal(string Description)
{
    public static readonly AccessRefusal EndpointClosed = new("The endpoint is not open to this token");

    /// <summary>The error code of the challenge.</summary>
    public string Error { get; init; } = "invalid_token";

    /// <summary>Whether nothing can be said of the token at present: the answer is 503.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>Made, never thrown.</summary>
    public Exception ToException() => IsUnavailable ? new JwksUnavailableException(Description, null) : new SecurityTokenValidationException(Description);
}
