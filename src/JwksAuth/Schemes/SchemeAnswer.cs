using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Schemes;

/// <summary>How a scheme answered a request: a feature of the request, for whoever writes a body.</summary>
/// <param name="Error">The error code of the challenge; null without one.</param>
/// <param name="Description">The error in words; null without one.</param>
internal sealed record SchemeAnswer(string? Error, string? Description)
{
    /// <summary>Answers 503: nothing can be said of the token.</summary>
    public static void Unavailable(HttpContext context, TimeSpan? retryAfter)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Challenge.SetRetryAfter(context.Response, retryAfter);
        context.Features.Set(new SchemeAnswer(null, null));
    }

    /// <summary>Answers 401 (RFC 6750 section 3).</summary>
    public static void Unauthorized(
        HttpContext context, IAccessRules access, string scheme, string challenge, string? error, string? description, string? errorUri = null)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Features.Set(new SchemeAnswer(error, description));
        access.Challenge(context, scheme, challenge, ("error", error), ("error_description", description), ("error_uri", errorUri));
    }

    /// <summary>
    /// Answers a caller who is known and lacks something: 403 (RFC 6750 section 3.1), or 401 where a token or another authentication of
    /// the user would help (RFC 9470 section 3).
    /// </summary>
    public static void Denied(HttpContext context, IAccessRules access, string scheme, string challenge)
    {
        var denial = context.Features.Get<AccessDenial>();
        if (denial is { AsksForToken: true })
        {
            Unauthorized(context, access, scheme, challenge, null, null);
        }
        else if (denial is { AsksForAuthentication: true })
        {
            const string Error = "insufficient_user_authentication", Description = "The user must authenticate again, or in another way";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Features.Set(new SchemeAnswer(Error, Description));
            var maximumAge = denial.MaximumAge?.ToString(CultureInfo.InvariantCulture);
            access.Challenge(
                context, scheme, challenge, ("error", Error), ("error_description", Description), ("acr_values", denial.AcrValues), ("max_age", maximumAge));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Features.Set(new SchemeAnswer("insufficient_scope", null));
            access.Challenge(context, scheme, challenge, ("error", "insufficient_scope"), ("scope", denial?.Scope));
        }
    }
}
