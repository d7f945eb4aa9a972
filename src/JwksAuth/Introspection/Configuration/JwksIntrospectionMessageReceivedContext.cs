using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace JwksAuth;

/// <summary>A request whose token has not been read yet.</summary>
public class JwksIntrospectionMessageReceivedContext : ResultContext<JwksIntrospectionOptions>
{
    /// <summary>Creates the context.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="options">Its options.</param>
    public JwksIntrospectionMessageReceivedContext(HttpContext context, AuthenticationScheme scheme, JwksIntrospectionOptions options)
        : base(context, scheme, options)
    {
    }

    /// <summary>The token to introspect. Null: the one in the <c>Authorization</c> header.</summary>
    public string? Token { get; set; }
}
