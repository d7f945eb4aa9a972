using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>
/// Eight replicas of an API, each a separate process that has rehearsed, started at once with one PostgreSQL. They trust four issuers: one with the default cooldown,
/// one with a cooldown of a second for tests of what happens after it, one that withdraws a key, and one that has been unreachable since before
/// they started.
/// </summary>
public sealed class FleetOfProcesses : IAsyncLifetime
{
    public const string Steady = "steady";
    public const string Quick = "quick";
    public const string Leaky = "leaky";
    public const string Gone = "gone";

    private const string Rehearsal = "Rehearsal";

    public static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan QuickWindow = TimeSpan.FromSeconds(1);

    // The processes, the database and the tests share the machine's processors: the default of 50 ms is for a database that has its own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private FakeJwksServer? _issuers;
    private FakeJwksServer? _gone;
    private PostgreSqlServer? _database;

    public IReadOnlyList<FleetNode> Nodes { get; private set; } = [];

    public FakeIssuer SteadyIssuer { get; private set; } = null!;

    public FakeIssuer QuickIssuer { get; private set; } = null!;

    public FakeIssuer LeakyIssuer { get; private set; } = null!;

    public string TokenOfGone { get; private set; } = "";

    /// <summary>The number of requests to the steady issuer when every process had served its first token.</summary>
    public int FetchesAtStart { get; private set; }

    /// <summary>The shared database. Skips the test if there is none.</summary>
    public PostgreSqlServer Database
    {
        get
        {
            Skip.If(_database is null, "PostgreSQL is not installed (Debian: postgresql).");
            return _database!;
        }
    }

    public async Task InitializeAsync()
    {
        if ((_database = await PostgreSqlServer.StartAsync()) is null)
            return;

        var options = new FakeJwksServerOptions { Algorithm = "ES256" };
        _gone = await FakeJwksServer.StartAsync(options);
        TokenOfGone = _gone.CreateToken();
        await ShareAsync(_gone.Issuer);
        await _gone.StopAsync();

        _issuers = await FakeJwksServer.StartAsync(options);
        SteadyIssuer = _issuers.AddIssuer(Steady);
        QuickIssuer = _issuers.AddIssuer(Quick);
        LeakyIssuer = _issuers.AddIssuer(Leaky);
        var rehearsal = _issuers.AddIssuer("rehearsal");
        Nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FleetNode.RehearseAsync(
            _database.ConnectionString,
            Patience,
            (Rehearsal, rehearsal.Issuer, Cooldown),
            (Steady, SteadyIssuer.Issuer, Cooldown),
            (Quick, QuickIssuer.Issuer, QuickWindow),
            (Leaky, LeakyIssuer.Issuer, Cooldown),
            (Gone, _gone.Issuer, Cooldown))));
        await Task.WhenAll(Nodes.Select(node => node.StartAsync()));
        await AskAllAsync(Steady, SteadyIssuer.CreateToken());
        FetchesAtStart = SteadyIssuer.JwksRequestCount;
    }

    public async Task DisposeAsync()
    {
        foreach (var node in Nodes)
            node.Dispose();
        foreach (var server in (FakeJwksServer?[])[_issuers, _gone])
        {
            if (server is not null)
                await server.DisposeAsync();
        }

        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <summary>The responses of all processes to concurrent requests.</summary>
    public Task<HttpStatusCode[]> AskAllAsync(string scheme, string token) =>
        Task.WhenAll(Nodes.Select(node => node.GetStatusAsync(scheme, token)));

    /// <summary>Completes when a token of the quick issuer may cause a fetch again. Processes have their own clocks, so it takes real time.</summary>
    public static Task QuickWindowOpensAsync() => Task.Delay(QuickWindow * 1.2);

    // A process that fetched what the others will find, and has exited.
    private async Task ShareAsync(string authority)
    {
        await using var first = await KestrelApi.StartAsync(
            authority, addServices: services => services.AddAuthentication().AddJwksPostgreSql(_database!.ConnectionString, options => options.Timeout = Patience));
        await first.Keys.RefreshAsync();
    }
}
