namespace JwksAuth;

/// <summary>Lets an operator refresh, clear and view keys.</summary>
public interface IJwksManager
{
    /// <summary>
    /// Fetches keys immediately, bypassing caches and the cooldown. When the task completes, new requests use the result: a key that the
    /// issuer has withdrawn no longer verifies anything.
    /// </summary>
    /// <param name="issuer">The issuer, or the configured address; null for all.</param>
    /// <param name="cancellationToken">Cancels waiting; fetches in progress continue.</param>
    /// <returns>One result per source; empty if no source matches.</returns>
    Task<IReadOnlyList<JwksRefreshResult>> RefreshAsync(string? issuer = null, CancellationToken cancellationToken = default);

    /// <summary>Forgets fetched keys without fetching: the next token of the issuer causes a fetch immediately.</summary>
    /// <param name="issuer">The issuer, or the configured address; null for all.</param>
    void Clear(string? issuer = null);

    /// <summary>Gets the status of each source from memory, without a request.</summary>
    IReadOnlyList<JwksSourceStatus> GetStatus();
}
