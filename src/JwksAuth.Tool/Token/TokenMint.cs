using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tool.Token;

internal sealed record TokenRequest(string Issuer, string Audience, string Subject, string? Scope)
{
    public required TimeSpan Lifetime { get; init; }

    public string? ClientId { get; init; }

    public IReadOnlyList<(string Name, string Value)> Claims { get; init; } = [];
}

internal static class TokenMint
{
    /// <summary>The claims that have their own options, and those that are generated for each token.</summary>
    public static IReadOnlyList<string> Registered { get; } = ["iss", "aud", "sub", "client_id", "scope", "jti", "iat", "nbf", "exp"];

    public static async Task<string> CreateAsync(
        TokenRequest request, IJwksSigningKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Claims)
            claims[name] = value;
        claims["sub"] = request.Subject;
        claims["client_id"] = request.ClientId ?? request.Subject;
        claims["jti"] = Guid.NewGuid().ToString("n");
        if (request.Scope is { Length: > 0 } scope)
            claims["scope"] = scope;

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = request.Issuer,
            Audience = request.Audience,
            TokenType = "at+jwt",
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + request.Lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = await keys.GetSigningCredentialsAsync(cancellationToken),
        });
    }
}
