using System.Security.Claims;

namespace MinimalApi;

/// <summary>What the API reads from an access token (RFC 9068 section 2.2).</summary>
public static class CallerClaims
{
    extension(ClaimsPrincipal caller)
    {
        public string Subject => caller.FindFirstValue("sub") ?? throw new InvalidOperationException("The token names no subject.");
    }
}
