using JwksAuth.Fleet;
using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests;

/// <summary>Several replicas of one source, on one engine, one issuer and one clock.</summary>
internal sealed class FleetUnderTest : IAsyncDisposable
{
    // Waits for the engine are no longer, and what a fetch may take is.
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

    /// <summary>So many replicas that have their keys, with the windows of all open again.</summary>
    public static async Task<FleetUnderTest> StartAsync(int replicas, bool discovers = false)
    {
        var fleet = await CreateAsync(discovers);
        for (var index = 0; index < replicas; index++)
            await fleet.Add().StartAsync(CancellationToken.None);
        await fleet.AdvanceAsync(TimeSpan.FromSeconds(10));
        return fleet;
    }

    /// <summary>One more replica, that has not started yet.</summary>
    /// <param name="reading">How strictly it reads keys; null is the default.</param>
    public RemoteKeySource Add(KeyReadingSettings? reading = null) => Add(_identity with { Reading = reading ?? _identity.Reading }, Engine);

    /// <summary>One more replica of the API that shares nothing.</summary>
    public RemoteKeySource AddAlone() => Add(_identity, engine: null);

    /// <summary>Asks a replica as a request does: memory first, then for a fetch.</summary>
    public static async Task<KeyLookupStatus> AskAsync(RemoteKeySource replica, string keyId)
    {
        var known = replica.Find(new KeyQuery(true, keyId, SignatureAlgorithm.ES256));
        return known.Status != KeyLookupStatus.FetchNeeded
            ? known.Status
            : (await replica.FetchAsync(new KeyFetch(keyId, SignatureAlgorithm.ES256, known.Set, TimeSpan.Zero), CancellationToken.None)).Status;
    }

    public static KeyLookupStatus Find(RemoteKeySource replica, string keyId) =>
        replica.Find(new KeyQuery(true, keyId, SignatureAlgorithm.ES256)).Status;

    /// <summary>Completes when no replica has a fetch under way, nor a word to follow.</summary>
    public async Task SettleAsync()
    {
        // What one replica hands on is news for those that were found idle before it: idle is who is so twice.
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
    /// Lets time pass from timer to timer, and stand while what a timer set off is under way: no question to the engine takes any time.
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
    /// Lets time pass for whoever waits on the engine or for another's fetch, until all have their answer or none can have waited any longer. Time
    /// stands while nobody waits, so that no fetch takes any.
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

            // Away from the context of the test: there, whoever has an answer goes on at once, and gives up its timer before time passes again.
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
