namespace JwksAuth;

/// <summary>The operator's hand on the keys: refresh them now, forget them, see how they stand.</summary>
public interface IJwksManager
{
    /// <summary>
    /// Fetches keys now, past every cache and whatever the window says. When the task completes, the next request sees the outcome:
    /// a key that the issuer has withdrawn verifies nothing any more.
    /// </summary>
    /// <param name="issuer">The issuer (or the configured address) to refresh; null refreshes all.</param>
    /// <param name="cancellationToken">Gives up waiting; fetches under way go on.</param>
    /// <returns>One result per source; empty when no source has that issuer.</returns>
    Task<IReadOnlyList<JwksRefreshResult>> RefreshAsync(string? issuer = null, CancellationToken cancellationToken = default);

    /// <summary>Forgets fetched keys without fetching: the next token of the issuer causes a fetch at once.</summary>
    /// <param name="issuer">The issuer (or the configured address) to forget; null forgets all.</param>
    void Clear(string? issuer = null);

    /// <summary>How each source stands, from memory: no request is made.</summary>
    IReadOnlyList<JwksSourceStatus> GetStatus();
}
