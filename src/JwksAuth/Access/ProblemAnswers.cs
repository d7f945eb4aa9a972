using JwksAuth.Access.Endpoints;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace JwksAuth.Access;

/// <summary>
/// Combines the answers of several schemes to one request, and writes problem details (RFC 9457) for refused requests if the application
/// uses them. A scheme cannot do that, because the response may start only after the last scheme.
/// </summary>
internal sealed class ProblemAnswers(IProblemDetailsService? problems = null) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _answers = new();

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded
            ? _answers.HandleAsync(next, context, policy, authorizeResult)
            : RefuseAsync(next, context, policy, authorizeResult);

    private async Task RefuseAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // An application may evaluate policies itself; record its result, too.
        EndpointEvaluator.Note(authorizeResult, policy, context);
        await _answers.HandleAsync(next, context, policy, authorizeResult);
        if (SchemeAnswer.Of(context) is not { } answer)
            return;

        answer.Settle();
        if (problems is null || HasBody(context.Response) || !TakesBody(context))
            return;

        var problem = new ProblemDetailsContext { HttpContext = context };
        problem.ProblemDetails.Status = context.Response.StatusCode;
        problem.ProblemDetails.Detail = answer.Description;
        if (answer.Error is not null)
            problem.ProblemDetails.Extensions["error"] = answer.Error;
        await problems.TryWriteAsync(problem);
    }

    // A gRPC client maps the status only without a body of another media type, and a WebSocket handshake cannot show a body.
    private static bool TakesBody(HttpContext context) =>
        context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true
        && !context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        && context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect != true;

    private static bool HasBody(HttpResponse response) =>
        response.HasStarted || response.ContentLength is not null || response.ContentType is not null
            || response.StatusCode < StatusCodes.Status400BadRequest;
}
