using JwksAuth.Access.Endpoints;
using JwksAuth.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace JwksAuth.Access;

/// <summary>
/// Settles what several schemes answered one request, and gives refused requests a body of problem details (RFC 9457), where the application has such bodies.
/// That is done here and not by a scheme, because only after the last scheme may the response start.
/// </summary>
internal sealed class ProblemAnswers(IProblemDetailsService? problems = null) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _answers = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? _answers.HandleAsync(next, context, policy, authorizeResult) : RefuseAsync(next, context, policy, authorizeResult);

    private async Task RefuseAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // An application may evaluate policies itself; what it came to counts all the same.
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

    // A client of gRPC maps the status only if there is no body of another media type, and the handshake of a WebSocket has none to show it in.
    private static bool TakesBody(HttpContext context) =>
        context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true
        && !context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        && context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect != true;

    private static bool HasBody(HttpResponse response) =>
        response.HasStarted || response.ContentLength is not null || response.ContentType is not null || response.StatusCode < StatusCodes.Status400BadRequest;
}
