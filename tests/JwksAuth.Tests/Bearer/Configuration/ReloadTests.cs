using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Bearer.Configuration;

/// <summary>Settings that change while the application runs.</summary>
public class ReloadTests
{
    private const string Section = "Authentication:Schemes:Bearer";
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_changed_address_drops_the_old_keys_at_once()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri));
        var token = issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        Change(api, ("JwksUri", issuer.Issuer + "/nowhere"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(token));
        Assert.Equal(1, issuer.JwksRequestCount);
        Assert.Equal(issuer.Issuer + "/nowhere", Assert.Single(api.Manager.GetStatus()).Address);
    }

    [Fact]
    public async Task A_pending_load_from_the_old_address_is_discarded()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        using var gate = issuer.HoldResponses();
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri));
        await issuer.WaitForJwksRequestsAsync(1);

        Change(api, ("JwksUri", issuer.Issuer + "/nowhere"));
        gate.Dispose();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(JwksSourceState.NotLoaded, Assert.Single(api.Manager.GetStatus()).State);
    }

    [Fact]
    public async Task A_corrected_address_works_on_the_very_next_request()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.Issuer + "/nowhere"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(issuer.CreateToken()));

        Change(api, ("JwksUri", issuer.JwksUri));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task A_corrected_mistake_works_on_the_very_next_request()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri), ("MaximumAge", "yes"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Empty(api.Manager.GetStatus());

        Change(api, ("MaximumAge", "01:00:00"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        Change(api, ("MaximumAge", "no"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task An_unrelated_change_applies_and_keeps_the_keys()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri));
        var token = issuer.CreateToken(token => token.WithType("JWT"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        Change(api, ("RequireAccessTokenType", "true"));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task An_unrelated_change_does_not_affect_a_running_request()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        _clock.Advance(TimeSpan.FromSeconds(10));
        issuer.RotateKey();
        Task<HttpStatusCode> request;
        using (issuer.HoldResponses())
        {
            request = api.GetStatusAsync(issuer.CreateToken());
            await issuer.WaitForJwksRequestsAsync(2);
            Change(api, ("ClockSkew", "00:00:30"), ("RefreshInterval", "00:00:20"));
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync("abc.def.ghi"));
            Assert.False(request.IsCompleted);
        }

        Assert.Equal(HttpStatusCode.OK, await request);
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_change_that_reads_the_authorities_again_keeps_the_keys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, authority.ExportCertificatePem());
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri), ("CertificateAuthoritiesFile", path));
        var source = Assert.Single(api.Sources());

        Change(api, ("ClockSkew", "00:00:30"));
        Assert.Same(source, Assert.Single(api.Sources()));

        await File.WriteAllTextAsync(path, authority.ExportCertificatePem() + Environment.NewLine + authority.ExportCertificatePem());
        Change(api, ("ClockSkew", "00:00:20"));
        Assert.NotSame(source, Assert.Single(api.Sources()));
        File.Delete(path);
    }

    [Fact]
    public async Task A_changed_interval_applies_to_the_current_keys()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        Change(api, ("RefreshInterval", "00:00:01"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        issuer.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task A_change_of_a_section_that_the_application_bound_itself_applies()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        var settings = new TestApiSettings { Configuration = { ["Orders:Issuer"] = issuer.Issuer, ["Orders:Audience"] = "api", ["Orders:JwksUri"] = issuer.JwksUri } };
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(Connect(issuer));
                services.AddOptions<JwksBearerOptions>(JwtBearerDefaults.AuthenticationScheme).BindConfiguration("Orders");
            },
            settings);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();
        configuration["Orders:Audience"] = "orders";
        configuration.Reload();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.WithAudience("orders"))));
    }

    [Fact]
    public async Task Options_read_just_before_a_change_do_not_undo_it()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await StartAsync(issuer, ("JwksUri", issuer.JwksUri));
        var monitor = api.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>();
        var plans = api.Services.GetRequiredService<BearerPlans>();
        var stale = (JwksBearerOptions)api.Services.GetRequiredService<IOptionsFactory<JwtBearerOptions>>().Create(JwtBearerDefaults.AuthenticationScheme);

        var plan = plans.Of(JwtBearerDefaults.AuthenticationScheme, stale);

        Assert.Same(((JwksBearerOptions)monitor.Get(JwtBearerDefaults.AuthenticationScheme)).Plan, plan);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Two_schemes_share_the_keys_of_an_issuer_until_both_have_left()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        var connect = Connect(issuer);
        var settings = Settings(issuer, ("JwksUri", issuer.JwksUri));
        foreach (var (key, value) in settings.Configuration.ToList())
            settings.Configuration[key.Replace("Bearer", "Other", StringComparison.Ordinal)] = value;
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
                .AddJwksBearer(connect)
                .AddJwksBearer("Other", connect),
            settings);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();
        configuration["Authentication:Schemes:Other:JwksUri"] = issuer.Issuer + "/nowhere";
        configuration.Reload();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(1, issuer.JwksRequestCount);
        Change(api, ("JwksUri", issuer.Issuer + "/nowhere"));
        Assert.Equal(issuer.Issuer + "/nowhere", Assert.Single(api.Manager.GetStatus()).Address);
    }

    private static Task<TestApi> StartAsync(FakeJwksServer issuer, params (string Key, string Value)[] settings) =>
        TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(Connect(issuer)), Settings(issuer, settings));

    private static Action<JwksBearerOptions> Connect(FakeJwksServer issuer)
    {
        var handler = issuer.CreateHandler(); // one for all options: sources reached in another way are other sources
        return options =>
        {
            options.BackchannelHttpHandler = handler;
            options.TimeProvider = issuer.TimeProvider;
        };
    }

    private static TestApiSettings Settings(FakeJwksServer issuer, params (string Key, string Value)[] settings)
    {
        var result = new TestApiSettings { Configuration = { [$"{Section}:Issuer"] = issuer.Issuer, [$"{Section}:Audience"] = "api" } };
        foreach (var (key, value) in settings)
            result.Configuration[$"{Section}:{key}"] = value;
        return result;
    }

    private static void Change(TestApi api, params (string Key, string? Value)[] settings)
    {
        var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in settings)
            configuration[$"{Section}:{key}"] = value;
        configuration.Reload();
    }
}
