using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Requests;

/// <summary>A valid token and its request. The confirmation is the <c>cnf</c> claim (RFC 7800) as JSON text, if any.</summary>
internal sealed record TokenUse(
    HttpContext Context, string Scheme, string Token, bool IsDpop, string? Confirmation, string Issuer, ClaimsIdentity Identity);
