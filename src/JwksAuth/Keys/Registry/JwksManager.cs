using JwksAuth.Keys.Remote;

namespace JwksAuth.Keys.Registry;

internal sealed class JwksManager(KeySourceRegistry registry) : IJwksManager
{
    public async Task<IReadOnlyList<JwksRefreshResult>> RefreshAsync(string? issuer, CancellationToken cancellationToken) =>
        await Task.WhenAll(Sources(issuer).Select(source => source.RefreshAsync(cancellationToken)));

    public void Clear(string? issuer)
    {
        foreach (var source in Sources(issuer))
            source.Clear();
    }

    public IReadOnlyList<JwksSourceStatus> GetStatus() => [.. registry.Sources.Select(source => source.GetStatus())];

    private IEnumerable<RemoteKeySource> Sources(string? issuer) =>
        registry.SourcesAsOfNow().Where(source => issuer is null || source.IsKnownAs(issuer));
}
