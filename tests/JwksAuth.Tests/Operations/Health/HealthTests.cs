using System.Net;
using JwksAuth.Jose.Encryption;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JwksAuth.Tests.Operations.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task Fresh_keys_are_healthy_and_the_check_causes_no_fetch()
    {
        await using var api = await StartApiAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        for (var count = 0; count < 100; count++)
            Assert.Equal(HealthStatus.Healthy, (await CheckAsync(api)).Status);

        Assert.Equal(1, _issuer.JwksRequestCount);
        Assert.Equal("Fresh: 1 key, 00:00:00 old.", (await CheckAsync(api)).Data[_issuer.Issuer]);
    }

    [Fact]
    public async Task Keys_of_an_issuer_that_fails_are_degraded()
    {
        await using var api = await StartApiAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        _issuer.Respond(FakeResponse.Status(500));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await api.Manager.RefreshAsync();

        var entry = await CheckAsync(api);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal($"Stale: 1 key, 00:01:00 old. The server at {_issuer.JwksUri} answered with status 500.", entry.Data[_issuer.Issuer]);
    }

    [Fact]
    public async Task No_keys_are_unhealthy()
    {
        _issuer.Respond(FakeResponse.Status(500));
        await using var api = await StartApiAsync();
        await api.Manager.RefreshAsync();

        var entry = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.StartsWith("NotLoaded:", (string)entry.Data[_issuer.Issuer], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_past_their_maximum_age_are_unhealthy()
    {
        await using var api = await StartApiAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        await _issuer.StopAsync();

        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        await api.Manager.RefreshAsync();
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(api)).Status);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(api)).Status);
    }

    [Fact]
    public async Task A_scheme_that_is_not_configured_is_unhealthy_and_its_missing_setting_is_named()
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication().AddJwksBearer();
            services.AddHealthChecks().AddJwksAuth();
        });

        var entry = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("Authority (Authentication:Schemes:Bearer:Authority) is not set", (string)entry.Data["scheme Bearer"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_without_a_scheme_is_unhealthy_and_names_the_reason()
    {
        await using var services = new ServiceCollection().AddLogging().AddHealthChecks().AddJwksAuth("keys").Services.BuildServiceProvider();

        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Equal("No scheme was added: call AddJwksBearer.", report.Entries["keys"].Description);
    }

    [Fact]
    public async Task An_introspection_scheme_that_is_not_configured_is_unhealthy_and_its_missing_setting_is_named()
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication().AddJwksBearer().AddJwksIntrospection();
            services.AddHealthChecks().AddJwksAuth();
        });

        var entry = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("Authentication:Schemes:Introspection:", (string)entry.Data["scheme Introspection"], StringComparison.Ordinal);
        Assert.DoesNotContain("key ring", entry.Data.Keys);
    }

    [Fact]
    public async Task A_key_ring_is_unhealthy_without_keys_and_degraded_after_a_failed_reload()
    {
        const string setting = "JwksAuth:KeyRing:Keys:0:Pem";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddJwksKeyRing().AddHealthChecks().AddJwksAuth("keys").Services.BuildServiceProvider();
        var health = services.GetRequiredService<HealthCheckService>();
        services.GetRequiredService<IKeyRing>();
        var before = (await health.CheckHealthAsync()).Entries["keys"];
        Assert.Equal(HealthStatus.Unhealthy, before.Status);
        Assert.StartsWith("Misconfigured: Keys (JwksAuth:KeyRing:Keys)", (string)before.Data["key ring"], StringComparison.Ordinal);

        configuration[setting] = TestKeys.Pem(TestKeys.Ec);
        configuration.Reload();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);

        configuration[setting] = "junk";
        configuration.Reload();
        var after = (await health.CheckHealthAsync()).Entries["keys"];
        Assert.Equal(HealthStatus.Degraded, after.Status);
        Assert.StartsWith("Not reloaded, the previous keys remain in use: ", (string)after.Data["key ring"], StringComparison.Ordinal);
        Assert.Contains(setting, after.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_failure_status_can_be_configured()
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication().AddJwksBearer();
            services.AddHealthChecks().AddJwksAuth(failureStatus: HealthStatus.Degraded);
        });

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(api)).Status);
    }

    private Task<TestApi> StartApiAsync() => TestApi.StartAsync(services =>
    {
        services.AddAuthentication().AddJwksBearer();
        services.TrustFakeJwksServer(_issuer);
        services.AddHealthChecks().AddJwksAuth();
    });

    private static async Task<HealthReportEntry> CheckAsync(TestApi api) =>
        (await api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["jwksauth"];
}
