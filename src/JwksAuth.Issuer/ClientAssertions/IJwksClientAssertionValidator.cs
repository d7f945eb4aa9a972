using Microsoft.AspNetCore.Http;

namespace JwksAuth;

/// <summary>Authenticates clients by <c>private_key_jwt</c> (RFC 7523 section 2.2). A rejected assertion is a result.</summary>
public interface IJwksClientAssertionValidator
{
#pragma warning disable RS0026 // The overloads cannot be confused: one starts with a request, the other with two strings.
    /// <summary>
    /// Authenticates the client of a request by its form, which the application can read again. Rejects a request with more than one
    /// authentication method (RFC 6749 section 2.3): several assertions, a secret, or an <c>Authorization</c> header.
    /// </summary>
    /// <param name="cancellationToken">Cancels waiting for keys.</param>
    ValueTask<JwksClientAssertionResult> ValidateAsync(HttpRequest request, CancellationToken cancellationToken = default);

    /// <summary>Authenticates a client by its assertion, which is valid only once.</summary>
    /// <param name="assertion">The value of <c>client_assertion</c>.</param>
    /// <param name="clientId">The value of <c>client_id</c>, which must match the assertion; null if the request has none.</param>
    /// <param name="cancellationToken">Cancels waiting for keys.</param>
    ValueTask<JwksClientAssertionResult> ValidateAsync(string assertion, string? clientId, CancellationToken cancellationToken = default);
#pragma warning restore RS0026
}
