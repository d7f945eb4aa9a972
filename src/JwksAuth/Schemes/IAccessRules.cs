using JwksAuth.Requests;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Schemes;

/// <summary>What a request must satisfy beyond a valid token.</summary>
internal interface IAccessRules
{
    /// <summary>Whether the endpoint of the request accepts tokens of the scheme; false also if routing has not selected one yet.</summary>
    bool Opens(HttpContext context, string scheme);

    /// <summary>The token of a request and how it was presented; empty if the request has no token for the scheme.</summary>
    PresentedToken Read(HttpContext context, string scheme);

    /// <summary>Whether every request with a token of the scheme must be judged, even if the token is not bound to a key.</summary>
    bool JudgesEvery(string scheme);

    /// <summary>Judges a valid token together with its request; null accepts it.</summary>
    ValueTask<AccessRefusal?> JudgeAsync(TokenUse token);
}
