using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Requests;

/// <summary>A token that is good in itself, with the request that it came with.</summary>
/// <param name="Context">The request.</param>
/// <param name="Scheme">The scheme that judged the token.</param>
/// <param name="Token">The token.</param>
/// <param name="IsDpop">Whether it came under the <c>DPoP</c> scheme.</param>
/// <param name="Confirmation">What it is bound to (<c>cnf</c>, RFC 7800), as JSON text; null if it is not bound.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Identity">The identity made from it, for this request alone.</param>
internal sealed record TokenOnRequest(
    HttpContext Context, string Scheme, string Token, bool IsDpop, string? Confirmation, string Issuer, ClaimsIdentity Identity);
