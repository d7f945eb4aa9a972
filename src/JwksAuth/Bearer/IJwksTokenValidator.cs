namespace JwksAuth;

/// <summary>
/// Validates tokens outside a request: in workers, message consumers, or for ID tokens. It applies the rules, keys, cooldown and cache of
/// the authentication scheme of the same name.
/// </summary>
/// <remarks>
/// It checks the token alone. These rules of a scheme apply to requests, and the validator does not check them: proof of possession and
/// <see cref="JwksSenderConstraintOptions.Required"/>, the user resolver (<see cref="IJwksUserResolver"/>),
/// <see cref="JwksBearerOptions.RequireEndpointOptIn"/>, the events of the scheme, and authorization policies.
/// </remarks>
public interface IJwksTokenValidator
{
    /// <summary>
    /// Validates a token by the options of a scheme. A refused token is a result, not an exception. A token that is bound to a key is
    /// refused (<see cref="JwksTokenFailure.Bound"/>), because nothing here proves that its sender has the key.
    /// </summary>
    /// <param name="token">The token, in compact form.</param>
    /// <param name="scheme">The name given to <c>AddJwksBearer</c> or <c>AddJwksTokenValidator</c>. Default <c>Bearer</c>.</param>
    /// <param name="cancellationToken">Cancels waiting for keys.</param>
    /// <exception cref="InvalidOperationException">No such scheme was added.</exception>
    ValueTask<JwksTokenResult> ValidateAsync(string token, string scheme = "Bearer", CancellationToken cancellationToken = default);

    /// <summary>
    /// Validates a token that may be bound to a key, for callers that verify the proof of possession themselves. If
    /// <see cref="JwksTokenResult.Confirmation"/> is not null, the token is only good together with a proof of that key (RFC 8705 section
    /// 3, RFC 9449 section 7).
    /// </summary>
    /// <inheritdoc cref="ValidateAsync"/>
    ValueTask<JwksTokenResult> ValidateBoundAsync(string token, string scheme = "Bearer", CancellationToken cancellationToken = default);
}
