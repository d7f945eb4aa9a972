using Microsoft.AspNetCore.Http;

namespace JwksAuth.Requests;

/// <summary>
/// What is asked of a request beyond a token that is good in itself, and what its challenges say. The schemes know of these rules only this.
/// </summary>
internal interface IAccessRules
{
    /// <summary>Whether the endpoint of the request was opened to tokens of the scheme; false also if routing has not chosen one yet.</summary>
    bool Opens(HttpContext context, string scheme);

    /// <summary>The token of a request, with how it was presented; without one where the request has none for the scheme.</summary>
    PresentedToken Read(HttpContext context, string scheme);

    /// <summary>Whether tokens of the scheme are judged for each request, also those that are not bound to a key.</summary>
    bool JudgesEvery(string scheme);

    /// <summary>Judges a token that is good in itself, for the request that it came with; null admits it.</summary>
    ValueTask<AccessRefusal?> JudgeAsync(TokenOnRequest token);

    /// <summary>Adds every <c>WWW-Authenticate</c> that the scheme answers with.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="challenge">What the scheme's options say before the first parameter: usually <c>Bearer</c>.</param>
    /// <param name="requiredScope">What a token must have, whatever is wrong; null says nothing of it.</param>
    /// <param name="parameters">What is wrong; names without a value are left out.</param>
    void Challenge(HttpContext context, string scheme, string challenge, string? requiredScope, params ReadOnlySpan<(string Name, string? Value)> parameters);
}
