using System.Collections.Concurrent;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>The application's clients, which a test adds and changes.</summary>
internal sealed class TestClientStore : IJwksClientStore
{
    public ConcurrentDictionary<string, JwksClient> Clients { get; } = new(StringComparer.Ordinal);

    public bool IgnoresCase { get; set; }

    public bool Fails { get; set; }

    public async ValueTask<JwksClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return Fails ? throw new TimeoutException("The database is away") : Clients.GetValueOrDefault(IgnoresCase ? clientId.ToLowerInvariant() : clientId);
    }
}
