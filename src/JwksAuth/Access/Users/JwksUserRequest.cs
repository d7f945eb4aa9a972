using System.Security.Claims;

namespace JwksAuth;

/// <summary>
/// What a token says of its user. A subject is unique within its issuer only (RFC 7519 section 4.1.2), and a pairwise one within the client
/// that it was issued to (OpenID Connect Core section 8): a user is known by all three.
/// </summary>
public sealed class JwksUserRequest
{
    /// <summary>Creates what a resolver is asked, for its tests.</summary>
    /// <param name="scheme">The scheme that accepted the token.</param>
    /// <param name="issuer">The issuer of the token.</param>
    /// <param name="subject">The subject (<c>sub</c>).</param>
    /// <param name="clientId">The client that the token was issued to; null if the token does not say.</param>
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

    /// <summary>Who issued the token.</summary>
    public string Issuer { get; }

    /// <summary>The subject (<c>sub</c>).</summary>
    public string Subject { get; }

    /// <summary>The client that the token was issued to: the service provider if the scheme asks for one, else <c>client_id</c> or <c>azp</c>; null if the token does not say.</summary>
    public string? ClientId { get; }

    /// <summary>All claims. What is added to them is added for this request.</summary>
    public ClaimsIdentity Claims { get; }
}
