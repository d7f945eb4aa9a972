using System.Text.Json;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Validation;
using JwksAuth.Diagnostics;
using JwksAuth.Replay;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Logout;

/// <summary>
/// Receives logout requests of the provider and passes valid ones to the application. The answers are those of OpenID Connect Back-Channel
/// Logout 1.0 section 2.8: 200, or 400 for an invalid token or a failed logout; and 503 if the token cannot be judged.
/// </summary>
internal sealed class LogoutEndpoint(
    BearerPlans plans, ReplayGuard replays, JwksTelemetry telemetry, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const string InvalidRequest = "invalid_request";

    private readonly FloodGate _failures = new(time);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        if (await LogoutForm.ReadTokenAsync(context.Request) is not { Length: > 0 } text)
        {
            await RefuseAsync(context, InvalidRequest, "The request is not a form with exactly one logout_token");
            return;
        }

        var plan = plans.Of(JwksAuthDefaults.BackChannelLogoutScheme);
        var verdict = (await plan.Validator.ValidateAsync(text.AsMemory(), context.RequestAborted)).WithoutProof();
        if (verdict.Failure is { } failure)
            await RefuseAsync(context, failure, verdict.RetryAfter);
        else if (verdict.Token!.Acceptance.ExpiresAt is not { } expiresAt)
            await RefuseAsync(context, JwksTokenFailure.NoExpiration, null);
        else if (expiresAt <= plan.Time.GetUtcNow())
            await RefuseAsync(context, JwksTokenFailure.Expired, null); // options may accept it, but the replay cache would not remember it
        else if (LogoutReader.TryRead(verdict.Token.Token, out var fault) is not { } request)
            await RefuseAsync(context, InvalidRequest, fault);
        else
            await LogOutAsync(context, request, expiresAt - plan.Time.GetUtcNow());
    }

    private async Task LogOutAsync(HttpContext context, LogoutRequest request, TimeSpan goodFor)
    {
        switch (await replays.UseAsync(
            JwksReplayKind.LogoutToken, request.Logout.Issuer, request.Identifier, goodFor, context.RequestAborted))
        {
            case ReplayVerdict.Used:
                await RefuseAsync(context, InvalidRequest, "The logout token was used before");
                return;
            case ReplayVerdict.Unavailable:
                SchemeAnswer.Unavailable(context, ReplayGuard.RetryAfter);
                return;
        }

        try
        {
            await context.RequestServices.GetRequiredService<IJwksLogoutHandler>()
                .LogOutAsync(request.Logout, lifetime.ApplicationStopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            if (_failures.TryPass(out var count))
                telemetry.Logger.LogoutFailed(count, exception);
            await RefuseAsync(context, "server_error", "The logout failed");
        }
    }

    private static Task RefuseAsync(HttpContext context, JwksTokenFailure failure, TimeSpan? retryAfter)
    {
        if (!failure.IsOurs())
            return RefuseAsync(context, InvalidRequest, failure.Describe());
        SchemeAnswer.Unavailable(context, retryAfter);
        return Task.CompletedTask;
    }

    private static async Task RefuseAsync(HttpContext context, string error, string description)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("error", error);
        writer.WriteString("error_description", description);
        writer.WriteEndObject();
    }
}
