using JwksAuth.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>How a request authenticates its client.</summary>
/// <param name="Assertion">The assertion; empty if there is a failure.</param>
/// <param name="ClientId">The client named beside it; null if none is.</param>
/// <param name="Failure">Why there is none to judge.</param>
internal readonly record struct AssertionForm(string Assertion, string? ClientId, JwksClientAssertionFailure? Failure)
{
    private const int MaximumFields = 1024;
    private const string JwtType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public static implicit operator AssertionForm(JwksClientAssertionFailure failure) => new("", null, failure);

    /// <summary>Reads the form of a request, which the application can read afterwards.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<AssertionForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!SmallForm.IsSent(request))
            return JwksClientAssertionFailure.MalformedRequest;

        if (request.HttpContext.Features.Get<IFormFeature>()?.Form is not { } form)
        {
            if (await SmallForm.ReadAsync(request, cancellationToken) is not { } text || ReadFields(text) is not { } fields)
                return JwksClientAssertionFailure.MalformedRequest;
            request.Form = form = new FormCollection(fields);
        }

        return Judge(form, request);
    }

    // The application reads the form as the framework does: names without regard to case, and no null characters.
    private static Dictionary<string, StringValues>? ReadFields(string form)
    {
        var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        var count = 0;
        foreach (var field in new QueryStringEnumerable(form))
        {
            var (name, value) = (field.DecodeName().ToString(), field.DecodeValue().ToString());
            if (++count > MaximumFields || name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
                return null;
            fields[name] = StringValues.Concat(fields.GetValueOrDefault(name), value);
        }

        return fields;
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
