using JwksAuth.Fleet;
using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests;

/// <summary>Several replicas of one source, with one engine, one issuer and one clock.</summary>
internal sealed class FleetUnderTest : IAsyncDisposable
{
    // Longer than any wait for the engine, shorter than the timeout of a fetch.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ServiceProvider _services;
    private readonly KeySourceIdentity _identity;
    private readonly List<RemoteKeySource> _replicas = [];

    private FleetUnderTest(FakeClock clock, FakeJwksServer issuer, ServiceProvider services, RecordedLog log, KeySourceIdentity identity)
    {
        Log = log;
        Clock = clock;
        Issuer = issuer;
        Engine = new FakeFleet(clock);
        _services = services;
        _identity = identity;
    }

    public FakeClock Clock { get; }

    public FakeJwksServer Issuer { get; }

    public FakeFleet Engine { get; }

    public RecordedLog Log { get; }

    public FleetSourceName Name => FleetSourceName.Of(_identity);

    public IReadOnlyList<RemoteKeySource> Replicas => _replicas;

    public static async Task<FleetUnderTest> CreateAsync(bool discovers = false)
    {
        var clock = new FakeClock();
        var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = clock, Algorithm = "ES256" });
        var log = new RecordedLog();
        var services = SourceUnderTest.CreateServices(services => services.AddSingleton<ILoggerProvider>(log));
        return new FleetUnderTest(clock, issuer, services, log, SourceUnderTest.IdentityOf(issuer, discovers));
    }

    /// <summary>This number of replicas that have their keys, after all cooldowns.</summary>
    public static async Task<FleetUnderTest> StartAsync(int replicas, bool discovers = false)
    {
        var fleet = await CreateAsync(discovers);
        for (var index = 0; index < replicas; index++)
            await fleet.Add().StartAsync(CancellationToken.None);
        await fleet.AdvanceAsync(TimeSpan.FromSeconds(10));
        return fleet;
    }

    /// <summary>One more replica, which has not started yet.</summary>
    /// <param name="reading">How strictly it reads keys; null is the default.</param>
    public RemoteKeySource Add(KeyReadingSettings? reading = null) => Add(_identity with { Reading = reading ?? _identity.Reading }, Engine);

    /// <summary>One more replica of the API that shares nothing.</summary>
    public RemoteKeySource AddAlone() => Add(_identity, engine: null);

    /// <summary>Looks a key up as a request does: first in memory, then with a fetch.</summary>
    public static async Task<KeyLookupStatus> AskAsync(RemoteKeySource replica, string keyId)
    {
        var known = replica.Find(new KeyQuery(true, keyId, SignatureAlgorithm.ES256));
        return known.Status != KeyLookupStatus.FetchNeeded
            ? known.Status
            : (await replica.FetchAsync(new KeyFetch(keyId, SignatureAlgorithm.ES256, known.Set, TimeSpan.Zero), CancellationToken.None)).Status;
    }

    public static KeyLookupStatus Find(RemoteKeySource replica, string keyId) =>
        replica.Find(new KeyQuery(true, keyId, SignatureAlgorithm.ES256)).Status;

    /// <summary>Completes when no replica has a running fetch or an unhandled notification.</summary>
    public async Task SettleAsync()
    {
        // A replica that finishes may notify others that were idle before, so all must be idle twice in a row.
        for (var idlePasses = 0; idlePasses < 2; idlePasses++)
        {
            while (_replicas.Where(IsBusy).ToArray() is { Length: > 0 } busy)
            {
                idlePasses = 0;
                await Task.WhenAll(busy.SelectMany(replica => (Task[])[replica.CurrentFetch, replica.CurrentSharing]));
            }
        }
    }

    private static bool IsBusy(RemoteKeySource replica) => !replica.CurrentFetch.IsCompleted || !replica.CurrentSharing.IsCompleted;

    /// <summary>
    /// Advances the clock from timer to timer, but not while the work of a timer is running: no call to the engine takes any time.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await SettleAsync();
        for (var remaining = time; remaining > TimeSpan.Zero;)
        {
            var step = Clock.NextTimerIn is { } next && next < remaining ? next : remaining;
            Clock.Advance(step);
            remaining -= step;
            await SettleAsync();
        }
    }

    /// <summary>
    /// Advances the clock for callers that wait for the engine or for another's fetch, until all have their answer or have reached their timeout. The clock
    /// does not advance while nobody waits, so that no fetch takes any time.
    /// </summary>
    public async Task AdvanceWhileWaitingAsync(Task answers, TimeSpan longestWait)
    {
        for (var remaining = longestWait + LongestPause; remaining > TimeSpan.Zero && !answers.IsCompleted;)
        {
            // A slow engine answers in time, so a timer that fires before the next answer limits a call that already has its answer.
            if (Clock.NextTimerIn is not { } next || (Engine.IsSlow ? next != Engine.NextAnswerIn : next > LongestPause))
            {
                await Task.Yield();
                continue;
            }

            // Outside the context of the test, a caller that has its answer continues at once and disposes its timer before the clock advances again.
            var step = next < remaining ? next : remaining;
            await Task.Run(() => Clock.Advance(step));
            remaining -= step;
        }

        await answers;
    }

    private RemoteKeySource Add(KeySourceIdentity identity, IFleetEngine? engine)
    {
        var replica = SourceUnderTest.CreateSource(identity, KeySourceTuning.Default, _services, engine);
        _replicas.Add(replica);
        return replica;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        await Issuer.DisposeAsync();
        await _services.DisposeAsync();
    }
}
