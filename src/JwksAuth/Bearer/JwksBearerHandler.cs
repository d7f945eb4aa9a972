using System.Security.Claims;
using System.Text.Encodings.Web;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Bearer;

/// <summary>
/// The JwtBearer handler with our path of a token in it: the same options, the same events in the same order, but no exception for a
/// refused token, and an answer of its own for "cannot tell".
/// </summary>
internal sealed class JwksBearerHandler(
    IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder, BearerPlans plans)
    : JwtBearerHandler(options, logger, encoder)
{
    private JwksTokenFailure? _refusal;

    private BearerPlan Plan => plans.Of(Scheme.Name, (JwksBearerOptions)Options);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        try
        {
            return await AuthenticateTokenAsync();
        }
        catch (Exception exception) when (!Context.RequestAborted.IsCancellationRequested)
        {
            // Code of the application failed in an event. As with stock JwtBearer, it may still decide what becomes of the request.
            var failed = new AuthenticationFailedContext(Context, Scheme, Options) { Exception = exception };
            await Events.AuthenticationFailed(failed);
            if (failed.Result is not null)
                return failed.Result;
            throw;
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var failure = Plan.IsConfigured ? result?.Failure : JwksTokenFailure.NotConfigured.ToException(null);
        var challenge = new JwtBearerChallengeContext(Context, Scheme, Options, properties) { AuthenticateFailure = failure };
        if (Options.IncludeErrorDetails && failure is not null and not JwksUnavailableException)
        {
            challenge.Error = "invalid_token";
            challenge.ErrorDescription = _refusal?.Describe();
        }

        await Events.Challenge(challenge);
        if (challenge.Handled)
            return;

        if (failure is JwksUnavailableException unavailable)
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            Challenge.SetRetryAfter(Response, unavailable.RetryAfter);
            return;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge.Format(
            Options.Challenge, ("error", challenge.Error), ("error_description", challenge.ErrorDescription), ("error_uri", challenge.ErrorUri)));
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge.Format(Options.Challenge, ("error", "insufficient_scope")));
        await Events.Forbidden(new ForbiddenContext(Context, Scheme, Options));
    }

    private async Task<AuthenticateResult> AuthenticateTokenAsync()
    {
        var token = ReadOnlyMemory<char>.Empty;
        if (BearerEvents.HandlesMessageReceived(Events))
        {
            var received = new MessageReceivedContext(Context, Scheme, Options);
            await Events.MessageReceived(received);
            if (received.Result is not null)
                return received.Result;
            token = received.Token.AsMemory();
        }

        if (token.IsEmpty)
            token = BearerToken.MemoryOf(Request);
        if (token.IsEmpty)
            return AuthenticateResult.NoResult();

        var verdict = await Plan.Validator.ValidateAsync(token, Context.RequestAborted);
        return verdict.IsValid ? await SucceedAsync(verdict.Token) : await FailAsync(verdict);
    }

    private ValueTask<AuthenticateResult> SucceedAsync(ValidatedToken valid)
    {
        if (BearerEvents.HandlesTokenValidated(Events))
            return SucceedWithEventAsync(valid);

        var properties = Options.SaveToken ? valid.CreatePropertiesWithToken() : valid.CreateProperties();
        return new(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(valid.CreateIdentity()), properties, Scheme.Name)));
    }

    private async ValueTask<AuthenticateResult> SucceedWithEventAsync(ValidatedToken valid)
    {
        var validated = new TokenValidatedContext(Context, Scheme, Options)
        {
            Principal = new ClaimsPrincipal(valid.CreateIdentity()),
            SecurityToken = valid.Token,
            Properties = valid.CreateProperties(),
        };
        await Events.TokenValidated(validated);
        if (validated.Result is not null)
            return validated.Result;

        if (Options.SaveToken)
            valid.StoreToken(validated.Properties);
        validated.Success();
        return validated.Result!;
    }

    private async ValueTask<AuthenticateResult> FailAsync(TokenVerdict verdict)
    {
        _refusal = verdict.Failure;
        var exception = verdict.ToException();
        if (!BearerEvents.HandlesAuthenticationFailed(Events))
            return AuthenticateResult.Fail(exception);

        var failed = new AuthenticationFailedContext(Context, Scheme, Options) { Exception = exception };
        await Events.AuthenticationFailed(failed);
        return failed.Result ?? AuthenticateResult.Fail(failed.Exception);
    }
}
