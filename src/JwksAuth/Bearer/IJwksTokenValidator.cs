namespace JwksAuth;

/// <summary>
/// Validates tokens outside a request: in workers, message consumers, or for ID tokens. By the same rules, keys, window and cache as the
/// authentication scheme of the same name.
/// </summary>
public interface IJwksTokenValidator
{
    /// <summary>Validates a token by the options of a scheme. A refused token is a result, not an exception.</summary>
    /// <param name="token">The token, in compact form.</param>
    /// <param name="scheme">
    /// The name given to <c>AddJwksBearer</c> or <c>AddJwksTokenValidator</c>. Default <c>Bearer</c>.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting for keys.</param>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> or <paramref name="scheme"/> is null.</exception>
    /// <exception cref="InvalidOperationException">No such scheme was added.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<JwksTokenResult> ValidateAsync(string token, string scheme = "Bearer", CancellationToken cancellationToken = default);
}
