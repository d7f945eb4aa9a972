using Microsoft.AspNetCore.Http;

namespace JwksAuth.Requests;

/// <summary>What a request must satisfy beyond a valid token, and what its challenges contain.</summary>
internal interface IAccessRules
{
    /// <summary>Whether the endpoint of the request accepts tokens of the scheme; false also if routing has not selected one yet.</summary>
    bool Opens(HttpContext context, string scheme);

    /// <summary>The token of a request and how it was presented; empty if the request has no token for the scheme.</summary>
    PresentedToken Read(HttpContext context, string scheme);

    /// <summary>Whether every request with a token of the scheme must be judged, even if the token is not bound to a key.</summary>
    bool JudgesEvery(string scheme);

    /// <summary>Judges a valid token together with its request; null accepts it.</summary>
    ValueTask<AccessRefusal?> JudgeAsync(TokenOnRequest token);

    /// <summary>Adds all <c>WWW-Authenticate</c> headers of the scheme to the response.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="challenge">The text before the first parameter, from the scheme's options: usually <c>Bearer</c>.</param>
    /// <param name="requiredScope">The scope that a token needs; null omits it.</param>
    /// <param name="parameters">What is wrong; a parameter without a value is omitted.</param>
    void Challenge(
        HttpContext context, string scheme, string challenge, string? requiredScope,
        params ReadOnlySpan<(string Name, string? Value)> parameters);
}
