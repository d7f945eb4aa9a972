using Microsoft.AspNetCore.Http;

namespace JwksAuth;

/// <summary>
/// Authenticates clients at a token endpoint, or at any other endpoint of an authorization server, by their signed assertions (RFC 7523 section 2.2,
/// <c>private_key_jwt</c>). A refused assertion is a result, not an exception.
/// </summary>
public interface IJwksClientAssertionValidator
{
#pragma warning disable RS0026 // No call can mean both: one begins with a request, the other with two strings.
    /// <summary>
    /// Authenticates the client of a request by its form, which can be read again after that. Refused is also a request that uses more than one way to
    /// authenticate (RFC 6749 section 2.3): several assertions, a secret, an <c>Authorization</c> header.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting for keys.</param>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<JwksClientAssertionResult> ValidateAsync(HttpRequest request, CancellationToken cancellationToken = default);

    /// <summary>Authenticates a client by its assertion. An assertion is good once.</summary>
    /// <param name="assertion">The value of <c>client_assertion</c>.</param>
    /// <param name="clientId">The value of <c>client_id</c>, which must be the client of the assertion; null if it was not sent.</param>
    /// <param name="cancellationToken">Gives up waiting for keys.</param>
    /// <exception cref="ArgumentNullException"><paramref name="assertion"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<JwksClientAssertionResult> ValidateAsync(string assertion, string? clientId, CancellationToken cancellationToken = default);
#pragma warning restore RS0026
}
