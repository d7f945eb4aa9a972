using System.Globalization;
using JwksAuth.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Responses;

/// <summary>
/// The combined answer of this package's schemes to one request, in whatever order they answer. It is kept as a feature of the request.
/// With a token, "cannot judge" outranks "refused", which outranks "token required"; without a token, "token required" outranks "not
/// configured".
/// </summary>
internal sealed class SchemeAnswer
{
    private readonly HttpContext _context;
    private readonly Endpoint? _endpoint;

    private Rank _rank;
    private int _status;
    private int _statusLeft;
    private TimeSpan? _retryAfter;
    private bool _hasToken;

    private SchemeAnswer(HttpContext context) => (_context, _endpoint) = (context, context.GetEndpoint());

    private enum Rank
    {
        None,
        NotConfigured,
        TokenRequired,
        Refused,
        Denied,
        Unavailable,
    }

    public string? Error { get; private set; }

    public string? Description { get; private set; }

    /// <summary>The answer so far; null if no scheme of this package has answered for the endpoint.</summary>
    public static SchemeAnswer? Of(HttpContext context) =>
        context.Features.Get<SchemeAnswer>() is { } answer && answer._endpoint == context.GetEndpoint() ? answer : null;

    /// <summary>Answers 503 for an endpoint that judges tokens itself, when a token cannot be judged.</summary>
    public static void Unavailable(HttpContext context, TimeSpan? retryAfter)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Challenge.SetRetryAfter(context.Response, retryAfter);
    }

    /// <summary>Begins the answer of a scheme; null if the response has started and can no longer change.</summary>
    public static SchemeAnswer? Begin(HttpContext context, ILogger logger)
    {
        if (context.Response.HasStarted)
        {
            logger.ResponseHasStarted();
            return null;
        }

        if (Of(context) is { } answer)
            return answer;
        context.Features.Set(answer = new SchemeAnswer(context));
        return answer;
    }

    /// <summary>Ends the answer of a scheme, after its events. Schemes of other packages do not override its status.</summary>
    public void End() => _statusLeft = _context.Response.StatusCode;

    /// <summary>Answers 503: the token cannot be judged or, without a token, the scheme is misconfigured.</summary>
    public void Unavailable(bool hasToken, TimeSpan? retryAfter) =>
        Add(hasToken ? Rank.Unavailable : Rank.NotConfigured, StatusCodes.Status503ServiceUnavailable, hasToken, retryAfter: retryAfter);

    /// <summary>Answers 401 (RFC 6750 section 3), with the scopes that the endpoint requires.</summary>
    public void Unauthorized(
        IChallengeWriter challenges, string scheme, string challenge, bool hasToken, string? error, string? description,
        string? errorUri = null)
    {
        Add(hasToken ? Rank.Refused : Rank.TokenRequired, StatusCodes.Status401Unauthorized, hasToken, error, description);
        if (_rank <= Rank.Refused)
            challenges.Write(
                _context, scheme, challenge, EndpointVerdict.Of(_context)?.RequiredScope,
                ("error", error), ("error_description", description), ("error_uri", errorUri));
    }

    /// <summary>
    /// Answers an authenticated caller who is not allowed: 403 (RFC 6750 section 3.1), or 401 if a token or another authentication of the
    /// user would help (RFC 9470 section 3).
    /// </summary>
    /// <param name="challenge">The text before the first parameter, from the scheme's options.</param>
    /// <param name="hasToken">Whether the request has a token for the scheme.</param>
    /// <param name="scopes">Scopes that the scheme itself requires.</param>
    public void Denied(IChallengeWriter challenges, string scheme, string challenge, bool hasToken, IEnumerable<string>? scopes = null)
    {
        var verdict = EndpointVerdict.Of(_context);
        var denial = verdict?.Denial ?? new AccessDenial();
        if (scopes is not null)
            denial.AddScopes(scopes.Concat(verdict?.RequiredScopes ?? []));

        if (_rank == Rank.Unavailable)
            return;
        if (denial.AsksForToken)
        {
            Add(Rank.Denied, StatusCodes.Status401Unauthorized, hasToken);
            challenges.Write(_context, scheme, challenge, verdict?.RequiredScope);
        }
        else if (denial.AsksForAuthentication)
        {
            const string Code = "insufficient_user_authentication", Words = "The user must authenticate again, or in another way";
            Add(Rank.Denied, StatusCodes.Status401Unauthorized, hasToken, Code, Words);
            var maximumAge = denial.MaximumAge?.ToString(CultureInfo.InvariantCulture);
            challenges.Write(
                _context, scheme, challenge, verdict?.RequiredScope,
                ("error", Code), ("error_description", Words), ("acr_values", denial.AcrValues), ("max_age", maximumAge));
        }
        else
        {
            Add(Rank.Denied, StatusCodes.Status403Forbidden, hasToken, "insufficient_scope");
            challenges.Write(_context, scheme, challenge, null, ("error", "insufficient_scope"), ("scope", denial.Scope));
        }
    }

    /// <summary>Restores the answer about a token if another package's scheme answered later, such as with a redirect to a login.</summary>
    public void Settle()
    {
        if (_context.Response.HasStarted)
            return;
        if (_hasToken)
            SetStatus(_statusLeft);
        if (_context.Response.StatusCode != StatusCodes.Status503ServiceUnavailable && _retryAfter is not null)
            _context.Response.Headers.Remove(HeaderNames.RetryAfter);
    }

    private void Add(Rank rank, int status, bool hasToken, string? error = null, string? description = null, TimeSpan? retryAfter = null)
    {
        // Without a token, the challenge of another scheme takes precedence over a scheme that is misconfigured.
        var isAnswered = _rank == Rank.None && _context.Response.StatusCode != StatusCodes.Status200OK;
        _hasToken |= hasToken;
        if (rank >= _rank)
        {
            // This answer outranks earlier ones: remove their challenges.
            if (rank > _rank && rank > Rank.Refused)
                _context.Response.Headers.Remove(HeaderNames.WWWAuthenticate);
            if (rank == _rank && _retryAfter < retryAfter)
                retryAfter = _retryAfter;
            (_rank, _status, _retryAfter) =
                (rank, status, retryAfter ?? (status == StatusCodes.Status503ServiceUnavailable ? Challenge.UsualDelay : null));
            (Error, Description) = (error, description);
        }

        if (rank == Rank.NotConfigured && isAnswered)
            return;
        SetStatus(_status);
        if (_status == StatusCodes.Status503ServiceUnavailable)
            Challenge.SetRetryAfter(_context.Response, _retryAfter);
        else
            _context.Response.Headers.Remove(HeaderNames.RetryAfter);
    }

    private void SetStatus(int status)
    {
        var response = _context.Response;
        if (response.StatusCode is >= 300 and < 400 && status >= 400)
            response.Headers.Remove(HeaderNames.Location);
        response.StatusCode = status;
    }
}
