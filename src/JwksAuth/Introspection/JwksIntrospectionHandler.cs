using System.Security.Claims;
using System.Text.Encodings.Web;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Introspection;

/// <summary>The scheme: takes the token from the request, asks about it, and answers for whatever came of that (RFC 6750 section 3).</summary>
internal sealed class JwksIntrospectionHandler(
    IOptionsMonitor<JwksIntrospectionOptions> options, ILoggerFactory logger, UrlEncoder encoder, IntrospectionPlans plans)
    : AuthenticationHandler<JwksIntrospectionOptions>(options, logger, encoder)
{
    private IntrospectionVerdict? _refusal;

    private new JwksIntrospectionEvents Events => (JwksIntrospectionEvents)base.Events!;

    private IntrospectionPlan Plan => plans.Of(Scheme.Name, Options);

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new JwksIntrospectionEvents());

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var received = new JwksIntrospectionMessageReceivedContext(Context, Scheme, Options);
        await Events.MessageReceived(received);
        if (received.Result is not null)
            return received.Result;

        var token = string.IsNullOrEmpty(received.Token) ? BearerToken.Of(Request) : received.Token;
        if (string.IsNullOrEmpty(token))
            return AuthenticateResult.NoResult();
        if (Plan.Introspector is not { } introspector)
            return Refuse(IntrospectionFailure.NotConfigured);

        token = Options.UnwrapBase64Tokens ? BearerToken.Unwrap(token) : token;
        var verdict = await introspector.IntrospectAsync(token, Context.RequestAborted);
        if (!verdict.IsActive)
            return Refuse(verdict);

        return verdict.Token.IsBound ? Refuse(IntrospectionFailure.Bound) : await SucceedAsync(token, verdict.Token);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var refusal = Plan.IsConfigured ? _refusal : IntrospectionFailure.NotConfigured;
        if (refusal is { Failure: { } ours } && ours.IsOurs())
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            Challenge.SetRetryAfter(Response, refusal.RetryAfter);
        }
        else if (refusal?.Failure == IntrospectionFailure.InsufficientScope)
        {
            AnswerInsufficientScope();
        }
        else
        {
            var error = result?.Failure is null ? null : "invalid_token";
            Answer(StatusCodes.Status401Unauthorized, ("error", error), ("error_description", refusal?.Failure?.Describe()));
        }
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        AnswerInsufficientScope();
        return Task.CompletedTask;
    }

    private async Task<AuthenticateResult> SucceedAsync(string token, ActiveToken active)
    {
        var validated = new JwksIntrospectionTokenValidatedContext(
            Context, Scheme, Options, new ClaimsPrincipal(active.Identity.Clone()), active.Answer);
        validated.Properties.ExpiresUtc = active.ExpiresAt;
        validated.Properties.IssuedUtc = active.IssuedAt;
        await Events.TokenValidated(validated);
        if (validated.Result is not null)
            return validated.Result;

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

    private void AnswerInsufficientScope() =>
        Answer(StatusCodes.Status403Forbidden, ("error", "insufficient_scope"), ("scope", string.Join(' ', Options.RequiredScopes)));

    private void Answer(int status, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        Response.StatusCode = status;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge.Format(Options.Challenge, parameters));
    }
}
