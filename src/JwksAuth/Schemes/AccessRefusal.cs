using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Schemes;

/// <summary>Why a token that is good in itself is not accepted on a request.</summary>
/// <param name="Description">For the caller; nothing that came from outside is in it.</param>
internal sealed record AccessRefusal(string Description)
{
    public static readonly AccessRefusal EndpointClosed = new("The endpoint is not open to this token");

    /// <summary>The error code of the challenge.</summary>
    public string Error { get; init; } = "invalid_token";

    /// <summary>Made, never thrown.</summary>
    public Exception ToException() => new SecurityTokenValidationException(Description);
}
