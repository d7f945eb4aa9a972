using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace JwksAuth.IntegrationTests.StockApplication;

/// <summary>Answers 401 and 403 with a body of the application, before the scheme answers or after its empty response.</summary>
internal static class ProblemAnswers
{
    public static Task WriteUnauthorizedAsync(JwtBearerChallengeContext context)
    {
        if (context.Request.Path.StartsWithSegments("/hub"))
            return Task.CompletedTask; // the hub's client reads the header

        context.HandleResponse();
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsJsonAsync(new ProblemDetails
        {
            Title = context.AuthenticateFailure is null ? "Sign in first." : "Sign in again.",
            Detail = context.Error,
        });
    }

    public static Task WriteForbiddenAsync(ForbiddenContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new ProblemDetails { Title = "Ask a librarian." });
    }
}
