using System.Security.Claims;

namespace JwksAuth;

/// <summary>
/// The user of a token. A subject is unique only within its issuer (RFC 7519 section 4.1.2), and a pairwise subject only within one client
/// (OpenID Connect Core section 8), so all three together identify a user.
/// </summary>
public sealed class JwksUserRequest
{
    /// <summary>Creates a request, for tests of a resolver.</summary>
    /// <param name="scheme">The scheme that accepted the token.</param>
    /// <param name="issuer">The issuer of the token.</param>
    /// <param name="subject">The subject (<c>sub</c>).</param>
    /// <param name="clientId">The client that the token was issued to; null if the token names none.</param>
    /// <param name="claims">All claims.</param>
    public JwksUserRequest(string scheme, string issuer, string subject, string? clientId, ClaimsIdentity claims)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(issuer);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(claims);

        Scheme = scheme;
        Issuer = issuer;
        Subject = subject;
        ClientId = clientId;
        Claims = claims;
    }

    /// <summary>The scheme that accepted the token.</summary>
    public string Scheme { get; }

    /// <summary>The issuer of the token.</summary>
    public string Issuer { get; }

    /// <summary>The subject (<c>sub</c>).</summary>
    public string Subject { get; }

    /// <summary>The token's client: the service provider if required, else <c>client_id</c> or <c>azp</c>; null if it names none.</summary>
    public string? ClientId { get; }

    /// <summary>All claims. Claims that a resolver adds apply to this request only.</summary>
    public ClaimsIdentity Claims { get; }
}
