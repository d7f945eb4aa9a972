using JwksAuth.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>The client authentication of a request.</summary>
/// <param name="Assertion">The assertion; empty after a failure.</param>
/// <param name="ClientId">The <c>client_id</c> of the request; null if it has none.</param>
internal readonly record struct AssertionForm(string Assertion, string? ClientId, JwksClientAssertionFailure? Failure)
{
    private const int MaximumFields = 1024;
    private const string JwtType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public static implicit operator AssertionForm(JwksClientAssertionFailure failure) => new("", null, failure);

    /// <summary>Reads the form of a request; the application can read it again afterwards.</summary>
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

    // Reads the form as the framework does: case-insensitive names, no null characters.
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
