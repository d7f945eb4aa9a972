using System.Collections.Concurrent;
using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>Load: sends valid new tokens, signed with the issuer's current key, to all processes until disposed.</summary>
public sealed class GoodTokens : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = [];
    private readonly Task _sending;

    public GoodTokens(FleetOfProcesses fleet, string scheme, FakeIssuer issuer) =>
        _sending = Task.WhenAll(fleet.Nodes.Select(node => Task.Run(() => SendAsync(node, scheme, issuer))));

    /// <summary>Completes when this number of further tokens has been answered.</summary>
    public async Task SendAsync(int count)
    {
        for (var end = Sent + count; Sent < end;)
            await Task.Delay(Pause);
    }

    /// <summary>Ends the load, and returns how often each status was returned.</summary>
    public async Task<IReadOnlyDictionary<HttpStatusCode, int>> StopAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        return _answers;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private int Sent => _answers.Values.Sum();

    private async Task SendAsync(FleetNode node, string scheme, FakeIssuer issuer)
    {
        while (!_stopping.IsCancellationRequested)
        {
            _answers.AddOrUpdate(await node.GetStatusAsync(scheme, issuer.CreateToken()), 1, (_, count) => count + 1);
            await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
