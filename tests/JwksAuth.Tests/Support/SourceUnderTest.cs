using JwksAuth.Diagnostics;
using JwksAuth.Fleet;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests;

/// <summary>A remote key source and its fake issuer, without an API.</summary>
internal sealed class SourceUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private SourceUnderTest(FakeClock clock, FakeJwksServer issuer, ServiceProvider services, RemoteKeySource source)
    {
        Clock = clock;
        Issuer = issuer;
        _services = services;
        Source = source;
    }

    public FakeClock Clock { get; }

    public FakeJwksServer Issuer { get; }

    public RemoteKeySource Source { get; }

    /// <summary>A source that has not been used yet.</summary>
    public static async Task<SourceUnderTest> CreateAsync(
        KeySourceTuning? tuning = null, bool discovers = false, KeyReadingSettings? reading = null, Action<IServiceCollection>? configure = null)
    {
        var clock = new FakeClock();
        var issuer = await TestIssuer.StartAsync(clock);
        var services = CreateServices(configure);
        var identity = IdentityOf(issuer, discovers, reading);
        return new SourceUnderTest(clock, issuer, services, CreateSource(identity, tuning ?? KeySourceTuning.Default, services));
    }

    /// <summary>A source that has fetched its keys, after the cooldown.</summary>
    public static async Task<SourceUnderTest> StartAsync(
        KeySourceTuning? tuning = null, bool discovers = false, KeyReadingSettings? reading = null, Action<IServiceCollection>? configure = null)
    {
        var started = await CreateAsync(tuning, discovers, reading, configure);
        await started.Source.StartAsync(CancellationToken.None);
        started.Clock.Advance(TimeSpan.FromSeconds(10));
        return started;
    }

    public static KeySourceIdentity IdentityOf(FakeJwksServer issuer, bool discovers = false, KeyReadingSettings? reading = null) => new(
        issuer.Issuer,
        discovers ? issuer.MetadataAddress : null,
        discovers ? issuer.OAuthMetadata.Uri : null,
        discovers ? null : issuer.JwksUri,
        new RetrievalSettings(AllowLoopbackHttp: false, AllowAnyHttp: false, Client: null, issuer.CreateHandler()),
        reading ?? new KeyReadingSettings(),
        issuer.TimeProvider);

    /// <summary>The services that sources and their registry need.</summary>
    public static ServiceProvider CreateServices(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddHttpClient();
        services.AddSingleton<JwksTelemetry>().AddSingleton<KeySourceRegistry>();
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public static RemoteKeySource CreateSource(
        KeySourceIdentity identity, KeySourceTuning tuning, IServiceProvider services, IFleetEngine? fleet = null)
    {
        var retriever = new DocumentRetriever(services.GetRequiredService<IHttpClientFactory>(), identity.Http, identity.Time);
        var telemetry = new SourceTelemetry(new SourceInstruments(services.GetRequiredService<JwksTelemetry>()), identity.Address, identity.Time);
        var loader = CreateLoader(identity, retriever, isShared: fleet is not null);
        return new RemoteKeySource(identity, tuning, loader, telemetry, fleet is null ? null : new EngineFleet(fleet));
    }

    /// <summary>Loads the keys of an issuer whose metadata must name the issuer of the identity.</summary>
    public static KeySetLoader CreateLoader(KeySourceIdentity identity, DocumentRetriever retriever, bool isShared = false)
    {
        var loader = new KeySetLoader(identity, retriever, identity.Time, isShared);
        if (identity.Issuer is { } issuer)
            loader.Names.Expect(loader, new ExpectedIssuer([issuer], "Issuer"));
        return loader;
    }

    public KeyLookupResult Find(string? keyId, SignatureAlgorithm algorithm = SignatureAlgorithm.ES256) =>
        Source.Find(new KeyQuery(keyId is not null, keyId, algorithm));

    /// <summary>Looks a key up as a request does: first in memory, then with a fetch.</summary>
    public async Task<KeyLookupStatus> AskAsync(string keyId, TimeSpan wait = default, CancellationToken cancellationToken = default)
    {
        var known = Find(keyId);
        if (known.Status != KeyLookupStatus.FetchNeeded)
            return known.Status;
        return (await Source.FetchAsync(new KeyFetch(keyId, SignatureAlgorithm.ES256, known.Set, wait), cancellationToken)).Status;
    }

    /// <summary>Advances the clock in steps and awaits the background fetch that is due in each.</summary>
    public async Task AdvanceAsync(TimeSpan time, TimeSpan? step = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step ?? time)
        {
            Clock.Advance(step ?? time);
            await Source.CurrentFetch;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Issuer.DisposeAsync();
        await _services.DisposeAsync();
    }
}
