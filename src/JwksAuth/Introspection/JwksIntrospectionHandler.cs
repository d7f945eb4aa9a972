using System.Security.Claims;
using System.Text.Encodings.Web;
using JwksAuth.Introspection.Answers;
using JwksAuth.Introspection.Configuration;
using JwksAuth.Requests;
using JwksAuth.Responses;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

/// <summary>The authentication handler: reads the token, introspects it, and writes challenges (RFC 6750 section 3).</summary>
internal sealed class JwksIntrospectionHandler(
    IOptionsMonitor<JwksIntrospectionOptions> options, IntrospectionLoggers loggers, UrlEncoder encoder, IntrospectionPlans plans,
    IAccessRules access, IChallengeWriter challenges)
    : AuthenticationHandler<JwksIntrospectionOptions>(options, loggers, encoder), IAuthenticationHandler
{
    private IntrospectionVerdict? _refusal;
    private AccessRefusal? _accessRefusal;
    private bool _hasToken;
    private Endpoint? _openedEndpoint;

    // The framework caches the result for the whole request, which may be re-executed at another endpoint.
    private bool HasLeftOpening => _openedEndpoint is { } opened && opened != Context.GetEndpoint() && !access.Opens(Context, Scheme.Name);

    private new JwksIntrospectionEvents Events => (JwksIntrospectionEvents)base.Events!;

    private IntrospectionPlan Plan => plans.Of(Scheme.Name, Options);

    Task<AuthenticateResult> IAuthenticationHandler.AuthenticateAsync() => HasLeftOpening ? LeaveOpeningAsync() : AuthenticateAsync();

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new JwksIntrospectionEvents());

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var received = new JwksIntrospectionMessageReceivedContext(Context, Scheme, Options);
        await Events.MessageReceived(received);
        if (received.Result is not null)
            return received.Result;

        var presented = string.IsNullOrEmpty(received.Token)
            ? access.Read(Context, Scheme.Name)
            : new PresentedToken(received.Token.AsMemory(), IsDpop: false);
        if (presented.Text.IsEmpty)
            return AuthenticateResult.NoResult();
        _hasToken = true;
        if (Options.RequireEndpointOptIn)
        {
            if (!access.Opens(Context, Scheme.Name))
                return Refuse(AccessRefusal.EndpointClosed);
            _openedEndpoint = Context.GetEndpoint();
        }

        if (Plan.Introspector is not { } introspector)
            return Refuse(IntrospectionFailure.NotConfigured);

        var sent = presented.Text.ToString();
        var token = Options.UnwrapBase64Tokens ? AuthorizationHeader.Unwrap(sent) : sent;
        var verdict = await introspector.IntrospectAsync(token, Context.RequestAborted);
        return verdict.IsActive ? await AdmitAsync(token, presented.IsDpop, verdict.Token) : Refuse(verdict);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var failure = HasLeftOpening && result?.Succeeded == true ? Refuse(AccessRefusal.EndpointClosed).Failure : result?.Failure;
        if (SchemeAnswer.Begin(Context, Logger) is { } answer)
        {
            Challenge(answer, failure is not null);
            answer.End();
        }
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (SchemeAnswer.Begin(Context, Logger) is { } answer)
        {
            answer.Denied(challenges, Scheme.Name, Options.Challenge, _hasToken);
            answer.End();
        }

        return Task.CompletedTask;
    }

    private async Task<AuthenticateResult> LeaveOpeningAsync()
    {
        var result = await AuthenticateAsync();
        if (!result.Succeeded)
            return result;
        Context.User = new ClaimsPrincipal(new ClaimsIdentity());
        return Refuse(AccessRefusal.EndpointClosed);
    }

    private void Challenge(SchemeAnswer answer, bool isRefused)
    {
        var refusal = Plan.IsConfigured ? _refusal : IntrospectionFailure.NotConfigured;
        if (_accessRefusal is { IsUnavailable: true })
        {
            answer.Unavailable(isRefused, null);
        }
        else if (refusal is { Failure: { } ours } && ours.IsOurs())
        {
            answer.Unavailable(isRefused, refusal.RetryAfter);
        }
        else if (refusal?.Failure == IntrospectionFailure.InsufficientScope)
        {
            answer.Denied(challenges, Scheme.Name, Options.Challenge, isRefused, Options.RequiredScopes);
        }
        else
        {
            var error = isRefused ? _accessRefusal?.Error ?? "invalid_token" : null;
            var description = _accessRefusal?.Description ?? refusal?.Failure?.Describe();
            answer.Unauthorized(challenges, Scheme.Name, Options.Challenge, isRefused, error, description);
        }
    }

    private async ValueTask<AuthenticateResult> AdmitAsync(string token, bool isDpop, ActiveToken active)
    {
        var identity = active.Identity.Clone();
        if (active.Confirmation is null && !isDpop && !access.JudgesEvery(Scheme.Name))
            return await SucceedAsync(token, active, identity);

        var judged = new TokenUse(Context, Scheme.Name, token, isDpop, active.Confirmation, active.Issuer, identity);
        return await access.JudgeAsync(judged) is { } refusal ? Refuse(refusal) : await SucceedAsync(token, active, identity);
    }

    private async Task<AuthenticateResult> SucceedAsync(string token, ActiveToken active, ClaimsIdentity identity)
    {
        var validated = new JwksIntrospectionTokenValidatedContext(Context, Scheme, Options, new ClaimsPrincipal(identity), active.Answer);
        validated.Properties.ExpiresUtc = active.ExpiresAt;
        validated.Properties.IssuedUtc = active.IssuedAt;
        await Events.TokenValidated(validated);
        if (validated.Result is { } decided)
            return decided;

        if (Options.SaveToken)
            validated.Properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = token }]);
        validated.Success();
        return validated.Result!;
    }

    private AuthenticateResult Refuse(IntrospectionVerdict verdict)
    {
        _refusal = verdict;
        var failure = verdict.Failure!.Value;
        return failure.IsOurs()
            ? AuthenticateResult.Fail(new JwksUnavailableException(failure.Describe(), verdict.RetryAfter))
            : AuthenticateResult.Fail(failure.Describe());
    }

    private AuthenticateResult Refuse(AccessRefusal refusal)
    {
        _accessRefusal = refusal;
        return refusal.IsUnavailable ? AuthenticateResult.Fail(refusal.ToException()) : AuthenticateResult.Fail(refusal.Description);
    }
}
