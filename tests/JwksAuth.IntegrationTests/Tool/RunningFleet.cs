using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>An issuer on a key store and three APIs that trust it, each a separate process.</summary>
public sealed class RunningFleet : IAsyncLifetime
{
    private const int Services = 3;

    private readonly StoreFolder _store = new();
    private readonly List<RunningProgram> _programs = [];

    public string Store => _store.Path;

    public string Issuer { get; private set; } = "";

    public IReadOnlyList<string> Apis { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await _store.KeysAsync("new", "--max-age", "1s", "--token-lifetime", "10m");
        await _store.KeysAsync("new");
        Issuer = await StartIssuerAsync();
        Apis = await Task.WhenAll(Enumerable.Range(0, Services).Select(_ => StartApiAsync()));
    }

    public Task DisposeAsync()
    {
        foreach (var program in _programs)
            program.Dispose();
        _store.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A free port of this machine.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string> StartIssuerAsync()
    {
        // As in real use: in the folder of an application, whose settings do not affect the issuer.
        await File.WriteAllTextAsync(_store.Beside("appsettings.json"), """{"Kestrel":{"Endpoints":{"Http":{"Url":"none"}}}}""");
        while (true)
        {
            try
            {
                return await ServeAsync(FreePort().ToString(CultureInfo.InvariantCulture));
            }
            catch (InvalidOperationException exception) when (exception.Message.Contains("it is in use", StringComparison.Ordinal))
            {
                // Another program took the port first; try the next one.
            }
        }
    }

    private async Task<string> ServeAsync(string port)
    {
        var start = ToolRun.Command("src/JwksAuth.Tool", "jwks", "serve", "--store", Store, "--port", port);
        start.WorkingDirectory = Path.GetDirectoryName(Store)!;
        var (program, issuer) = await RunningProgram.StartAsync(start, "Issuer ");
        _programs.Add(program);
        return issuer;
    }

    private async Task<string> StartApiAsync()
    {
        var start = ToolRun.Command("samples/MinimalApi", "MinimalApi", "--urls", "http://127.0.0.1:0");
        start.Environment["Authentication__Schemes__Bearer__Authority"] = Issuer;
        start.Environment["Authentication__Schemes__Bearer__Audience"] = "api";
        start.Environment["Authentication__Schemes__Bearer__RequireHttpsMetadata"] = "false";
        var (program, address) = await RunningProgram.StartAsync(start, "Now listening on:");
        lock (_programs)
            _programs.Add(program);
        return address;
    }
}
