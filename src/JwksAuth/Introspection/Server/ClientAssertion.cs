using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Introspection.Server;

/// <summary><c>private_key_jwt</c>: a short-lived JWT signed with the API's own key (RFC 7523 section 2.2), new for each request.</summary>
/// <param name="audience">The audience; null for the issuer.</param>
/// <param name="credentials">The current key; null while there is none.</param>
internal sealed class ClientAssertion(
    string clientId, string? audience, Func<SigningCredentials?> credentials, TimeProvider time) : IClientAuthentication
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };

    public bool TryApply(HttpRequestMessage request, IList<KeyValuePair<string, string>> form, ServerDescription server)
    {
        if (credentials() is not { } key)
            return false;

        form.Add(new("client_id", clientId));
        form.Add(new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        form.Add(new("client_assertion", CreateAssertion(server, key)));
        return true;
    }

    // Section 3: every endpoint of the server, and of no other server, accepts the issuer identifier as an audience.
    private string CreateAssertion(ServerDescription server, SigningCredentials key)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _writer.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "client-authentication+jwt", // section 4 of the update of RFC 7523; older servers ignore it
            Issuer = clientId,
            Audience = audience ?? server.Issuer,
            IssuedAt = now,
            Expires = now + Lifetime,
            Claims = new Dictionary<string, object> { ["sub"] = clientId, ["jti"] = Guid.NewGuid().ToString("N") },
            SigningCredentials = key,
        });
    }
}
