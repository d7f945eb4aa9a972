using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace JwksAuth;

/// <summary>A request with a valid token.</summary>
public class JwksIntrospectionTokenValidatedContext : ResultContext<JwksIntrospectionOptions>
{
    /// <summary>Creates the context.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="options">Its options.</param>
    /// <param name="principal">The caller.</param>
    /// <param name="answer">The introspection response.</param>
    public JwksIntrospectionTokenValidatedContext(
        HttpContext context, AuthenticationScheme scheme, JwksIntrospectionOptions options, ClaimsPrincipal principal, JsonElement answer)
        : base(context, scheme, options)
    {
        Principal = principal;
        Answer = answer;
    }

    /// <summary>The whole introspection response (RFC 7662 section 2.2), a JSON object.</summary>
    public JsonElement Answer { get; }
}
