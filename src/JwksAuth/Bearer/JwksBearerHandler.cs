using System.Security.Claims;
using System.Text.Encodings.Web;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Identity;
using JwksAuth.Bearer.Validation;
using JwksAuth.Requests;
using JwksAuth.Responses;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>
/// The JwtBearer handler with the token validation of this package: the same options, the same events in the same order, but no exception
/// for a refused token, and 503 for a token that cannot be judged.
/// </summary>
internal sealed class JwksBearerHandler(
    IOptionsMonitor<JwtBearerOptions> options, BearerLoggers loggers, UrlEncoder encoder, BearerPlans plans, IAccessRules access,
    IChallengeWriter challenges)
    : JwtBearerHandler(options, loggers, encoder), IAuthenticationHandler
{
    private const string InvalidToken = "invalid_token";

    private TokenVerdict _refused;
    private string? _refusal;
    private string _error = InvalidToken;
    private bool _hasToken;
    private Endpoint? _openedEndpoint;

    // The framework keeps the result for the whole request, and the request may be re-executed at another endpoint.
    private bool HasLeftOpening => _openedEndpoint is { } opened && opened != Context.GetEndpoint() && !access.Opens(Context, Scheme.Name);

    private BearerPlan Plan => plans.Of(Scheme.Name, (JwksBearerOptions)Options);

    Task<AuthenticateResult> IAuthenticationHandler.AuthenticateAsync() => HasLeftOpening ? LeaveOpeningAsync() : AuthenticateAsync();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        try
        {
            return await AuthenticateTokenAsync();
        }
        catch (Exception exception) when (!Context.RequestAborted.IsCancellationRequested)
        {
            // An event handler of the application failed. As with stock JwtBearer, another event may still decide the result.
            var failed = new AuthenticationFailedContext(Context, Scheme, Options) { Exception = exception };
            await Events.AuthenticationFailed(failed);
            if (failed.Result is { } decided)
                return decided;
            throw;
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var refusal = HasLeftOpening && result?.Succeeded == true ? Refuse(AccessRefusal.EndpointClosed) : result?.Failure;
        var plan = Plan;
        var failure = plan.IsConfigured ? refusal : JwksTokenFailure.NotConfigured.ToException(null);
        var challenge = new JwtBearerChallengeContext(Context, Scheme, Options, properties) { AuthenticateFailure = failure };
        if (Options.IncludeErrorDetails && failure is not null and not JwksUnavailableException)
        {
            challenge.Error = _error;
            challenge.ErrorDescription = _refusal;
        }

        _refused.Report(plan); // not when it was refused: another scheme of the request may have accepted the token
        await Events.Challenge(challenge);
        var answer = challenge.Handled ? SchemeAnswer.Of(Context) : SchemeAnswer.Begin(Context, Logger);
        if (!challenge.Handled && answer is not null)
        {
            if (failure is JwksUnavailableException unavailable)
                answer.Unavailable(refusal is not null, unavailable.RetryAfter);
            else
                answer.Unauthorized(
                    challenges, Scheme.Name, Options.Challenge, failure is not null, challenge.Error, challenge.ErrorDescription,
                    challenge.ErrorUri);
        }

        answer?.End();
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var answer = SchemeAnswer.Begin(Context, Logger);
        answer?.Denied(challenges, Scheme.Name, Options.Challenge, _hasToken);
        await Events.Forbidden(new ForbiddenContext(Context, Scheme, Options));
        answer?.End();
    }

    private async Task<AuthenticateResult> LeaveOpeningAsync()
    {
        var result = await AuthenticateAsync();
        if (!result.Succeeded)
            return result;
        Context.User = new ClaimsPrincipal(new ClaimsIdentity());
        return AuthenticateResult.Fail(Refuse(AccessRefusal.EndpointClosed));
    }

    private async ValueTask<AuthenticateResult> AuthenticateTokenAsync()
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

        var presented = token.IsEmpty ? access.Read(Context, Scheme.Name) : new PresentedToken(token, IsDpop: false);
        if (presented.Text.IsEmpty)
            return AuthenticateResult.NoResult();
        _hasToken = true;
        if (Options is JwksBearerOptions { RequireEndpointOptIn: true })
        {
            if (!access.Opens(Context, Scheme.Name))
                return await RefuseAsync(AccessRefusal.EndpointClosed);
            _openedEndpoint = Context.GetEndpoint();
        }

        var verdict = await Plan.Validator.ValidateAsync(presented.Text, Context.RequestAborted);
        return verdict.IsValid ? await AdmitAsync(presented, verdict.Token, verdict.Identity) : await FailAsync(verdict);
    }

    private ValueTask<AuthenticateResult> AdmitAsync(PresentedToken presented, ValidatedToken valid, ClaimsIdentity identity) =>
        valid.Acceptance.Confirmation is not null || presented.IsDpop || access.JudgesEvery(Scheme.Name)
            ? JudgeAsync(presented, valid, identity)
            : SucceedAsync(valid, identity);

    private async ValueTask<AuthenticateResult> JudgeAsync(PresentedToken presented, ValidatedToken valid, ClaimsIdentity identity)
    {
        var token = new TokenUse(
            Context, Scheme.Name, presented.Text.ToString(), presented.IsDpop, valid.Acceptance.Confirmation,
            valid.Token.Issuer ?? "", identity);
        return await access.JudgeAsync(token) is { } refusal ? await RefuseAsync(refusal) : await SucceedAsync(valid, identity);
    }

    private ValueTask<AuthenticateResult> SucceedAsync(ValidatedToken valid, ClaimsIdentity identity)
    {
        if (BearerEvents.HandlesTokenValidated(Events))
            return SucceedWithEventAsync(valid, identity);

        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), valid.CreateProperties(Options.SaveToken), Scheme.Name);
        return new(AuthenticateResult.Success(ticket));
    }

    private async ValueTask<AuthenticateResult> SucceedWithEventAsync(ValidatedToken valid, ClaimsIdentity identity)
    {
        var validated = new TokenValidatedContext(Context, Scheme, Options)
        {
            Principal = new ClaimsPrincipal(identity),
            SecurityToken = valid.Token,
            Properties = valid.CreateProperties(storesToken: false),
        };
        await Events.TokenValidated(validated);
        if (validated.Result is { } decided)
            return decided;

        if (Options.SaveToken)
            valid.StoreToken(validated.Properties);
        validated.Success();
        return validated.Result!;
    }

    private ValueTask<AuthenticateResult> FailAsync(TokenVerdict verdict)
    {
        var plan = Plan;
        _refused = verdict;
        _refusal = verdict.Failure!.Value.Describe();
        if (plan.TellsDetails && verdict.Detail(plan).Text is { } detail)
            _refusal = $"{_refusal}: {detail}";
        return FailAsync(verdict.ToException(plan, BearerEvents.SeesRefusals(Events)));
    }

    private ValueTask<AuthenticateResult> RefuseAsync(AccessRefusal refusal) => FailAsync(Refuse(refusal));

    private Exception Refuse(AccessRefusal refusal)
    {
        _refusal = refusal.Description;
        _error = refusal.Error;
        return refusal.ToException();
    }

    private ValueTask<AuthenticateResult> FailAsync(Exception exception) =>
        BearerEvents.HandlesAuthenticationFailed(Events) ? FailWithEventAsync(exception) : new(AuthenticateResult.Fail(exception));

    private async ValueTask<AuthenticateResult> FailWithEventAsync(Exception exception)
    {
        var failed = new AuthenticationFailedContext(Context, Scheme, Options) { Exception = exception };
        await Events.AuthenticationFailed(failed);
        return failed.Result ?? AuthenticateResult.Fail(failed.Exception);
    }
}
