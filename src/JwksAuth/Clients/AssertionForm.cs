using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Clients;

/// <summary>How a request authenticates its client.</summary>
/// <param name="Assertion">The assertion; empty if there is a failure.</param>
/// <param name="ClientId">The client named beside it; null if none is.</param>
/// <param name="Failure">Why there is none to judge.</param>
internal readonly record struct AssertionForm(string Assertion, string? ClientId, JwksClientAssertionFailure? Failure)
{
    private const string MediaType = "application/x-www-form-urlencoded";
    private const string JwtType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public static implicit operator AssertionForm(JwksClientAssertionFailure failure) => new("", null, failure);

    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<AssertionForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
            return JwksClientAssertionFailure.MalformedRequest;

        try
        {
            return Judge(await request.ReadFormAsync(cancellationToken), request);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            // Over the limits of the framework, or over those of the host.
            return JwksClientAssertionFailure.MalformedRequest;
        }
    }

    private static AssertionForm Judge(IFormCollection form, HttpRequest request)
    {
        var assertions = form["client_assertion"];
        if (assertions.Count > 1 || form["client_assertion_type"].Count > 1 || form["client_id"].Count > 1)
            return JwksClientAssertionFailure.SeveralMethods;
        if (assertions is not [{ Length: > 0 } assertion])
            return JwksClientAssertionFailure.Missing;

        // RFC 6749 section 2.3: one method per request.
        if (form.ContainsKey("client_secret") || request.Headers.ContainsKey(HeaderNames.Authorization))
            return JwksClientAssertionFailure.SeveralMethods;
        return form["client_assertion_type"] is [JwtType]
            ? new AssertionForm(assertion, form["client_id"] is [{ } clientId] ? clientId : null, null)
            : JwksClientAssertionFailure.AssertionType;
    }
}
