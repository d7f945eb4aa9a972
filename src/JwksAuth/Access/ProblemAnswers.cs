using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access;

/// <summary>
/// Gives refused requests a body of problem details (RFC 9457), where the application has such bodies. It is written here and not by a
/// scheme, because several schemes may answer one request, and only after the last may the response start.
/// </summary>
internal sealed class ProblemAnswers(IProblemDetailsService? problems = null) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _answers = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        await _answers.HandleAsync(next, context, policy, authorizeResult);
        if (problems is null || authorizeResult.Succeeded || context.Features.Get<SchemeAnswer>() is not { } answer || HasBody(context.Response))
            return;

        var problem = new ProblemDetailsContext { HttpContext = context };
        problem.ProblemDetails.Status = context.Response.StatusCode;
        problem.ProblemDetails.Detail = answer.Description;
        if (answer.Error is not null)
            problem.ProblemDetails.Extensions["error"] = answer.Error;
        await problems.TryWriteAsync(problem);
    }

    private static bool HasBody(HttpResponse response) =>
        response.HasStarted || response.ContentLength is not null || response.ContentType is not null || response.StatusCode < StatusCodes.Status400BadRequest;
}
