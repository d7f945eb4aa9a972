using Microsoft.AspNetCore.Http;

namespace JwksAuth.Responses;

/// <summary>Decides what the challenges of a response contain.</summary>
internal interface IChallengeWriter
{
    /// <summary>Adds all <c>WWW-Authenticate</c> headers of the scheme to the response.</summary>
    /// <param name="challenge">The text before the first parameter, from the scheme's options: usually <c>Bearer</c>.</param>
    /// <param name="requiredScope">The scope that a token needs; null omits it.</param>
    /// <param name="parameters">What is wrong; a parameter without a value is omitted.</param>
    void Write(
        HttpContext context, string scheme, string challenge, string? requiredScope,
        params ReadOnlySpan<(string Name, string? Value)> parameters);
}
