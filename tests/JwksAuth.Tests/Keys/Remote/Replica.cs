using JwksAuth.Keys;
using JwksAuth.Keys.Remote;

namespace JwksAuth.Tests.Keys.Remote;

/// <summary>One source, the calls to it, and the rules that it must never break.</summary>
internal sealed class Replica(GatedIssuer issuer, RemoteKeySource source, WatchedClock clock) : IAsyncDisposable
{
    // Only a failing test waits this often, for tasks that will never complete. Counted, not timed, because the machine may be busy.
    private const int MostLooks = 20_000;

    private readonly List<Request> _requests = [];
    private readonly List<Task> _refreshes = [];
    private int _latest;
    private int _clearedAt;

    // How long a replica waits for another's fetch before it polls again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The time until a replica that waits for another's fetch polls again; null if it does not wait.</summary>
    public TimeSpan? PauseEndsIn => clock.TimerOf(Pause);

    public GatedIssuer Issuer => issuer;

    public bool HasRequests => _requests.Any(request => !request.Answer.IsCompleted);

    public void Ask(string keyId, TimeSpan wait)
    {
        var known = source.Find(new KeyQuery(true, keyId, SignatureAlgorithm.ES256));
        if (known.Status != KeyLookupStatus.FetchNeeded)
            return;
        var canceling = new CancellationTokenSource();
        var answer = source.FetchAsync(new KeyFetch(keyId, SignatureAlgorithm.ES256, known.Set, wait), canceling.Token).AsTask();
        _requests.Add(new Request(answer, canceling, wait, clock.GetTimestamp()));
    }

    public void GiveUp() => _requests.First(request => !request.Answer.IsCompleted).Canceling.Cancel();

    public void Refresh() => _refreshes.Add(source.RefreshAsync(CancellationToken.None));

    public void Clear()
    {
        source.Clear();
        (_latest, _clearedAt) = (0, issuer.Version);
    }

    /// <summary>Completes when the issuer must answer or the clock must advance, or when no request waits for a fetch any more.</summary>
    public async Task SettleAsync()
    {
        for (var looks = 0; !source.CurrentSharing.IsCompleted || !(issuer.IsAsked || IsIdle || PauseEndsIn is not null); looks++)
        {
            Assert.True(looks < MostLooks, "Somebody waits for a fetch, and none is under way: a wake-up was lost.");
            if (looks < 1000)
                await Task.Yield();
            else
                await Task.Delay(1);
        }
    }

    public void Check()
    {
        Assert.True(issuer.MostTogether <= 1, $"{issuer.MostTogether} fetches were under way together.");
        if (source.CurrentSet is not { } set)
        {
            _latest = 0;
            return;
        }

        var version = set.Keys.Count;
        Assert.True(version >= _latest, $"Version {version} replaced version {_latest}.");
        Assert.True(version >= _clearedAt, $"Version {version} is in force, from before the keys were cleared at version {_clearedAt}.");
        _latest = version;
    }

    public void CheckAnswers()
    {
        Assert.False(HasRequests, "A request has no answer.");
        Assert.All(_refreshes, refresh => Assert.True(refresh.IsCompletedSuccessfully));
    }

    public void CheckNewest() =>
        Assert.Equal(KeyLookupStatus.Found, source.Find(new KeyQuery(true, $"k{issuer.Version}", SignatureAlgorithm.ES256)).Status);

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        foreach (var request in _requests)
            request.Canceling.Dispose();
        issuer.Dispose();
    }

    private bool IsIdle => source.CurrentFetch.IsCompleted
        && _refreshes.TrueForAll(refresh => refresh.IsCompleted) && _requests.TrueForAll(request => request.Answer.IsCompleted || !IsDue(request));

    // A request that can wait has its answer when its timeout ends.
    private bool IsDue(Request request) => clock.GetElapsedTime(request.AskedAt) >= request.Wait;

    private sealed record Request(Task<KeyLookupResult> Answer, CancellationTokenSource Canceling, TimeSpan Wait, long AskedAt);
}
