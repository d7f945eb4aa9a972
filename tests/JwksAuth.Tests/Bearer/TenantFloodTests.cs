using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Bearer;

/// <summary>Junk tokens for many tenants, and tenants that share the address of their keys.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class TenantFloodTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task After_junk_for_a_thousand_tenants_the_next_valid_token_of_each_passes()
    {
        await using var api = await StartAsync(AddressOfItsOwn);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("victim")));
        _clock.Advance(TimeSpan.FromSeconds(10));
        for (var index = 0; index < 1000; index++)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Junk($"t{index}")));
        Assert.Equal(1001, _server.JwksRequestCount);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("victim")));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("new")));
        for (var index = 0; index < 1000; index++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token($"t{index}")));

        Assert.Equal(1002, _server.JwksRequestCount);
        Assert.Equal(1000, api.Manager.GetStatus().Count);
        Assert.Contains("MaximumResolvedIssuers", Assert.Single(_log.Entries, entry => entry.Id.Name == "ResolvedIssuersDropped").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invented_issuer_names_do_not_displace_tenants()
    {
        await using var api = await StartAsync(issuer => issuer.Contains("made-up")
            ? new JwksIssuer { Issuer = issuer, JwksUri = $"{_server.Issuer}/nobody?{new Uri(issuer).Host}" }
            : AddressOfItsOwn(issuer));
        for (var index = 0; index < 1500; index++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Junk($"made-up-{index}")));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("tenant")));
        Assert.Equal(1000, api.Manager.GetStatus().Count);
    }

    [Fact]
    public async Task Twenty_thousand_tenants_are_kept_if_the_option_allows_it()
    {
        await using var api = await StartAsync(AddressOfItsOwn, options => options.MaximumResolvedIssuers = 20_000);
        var validator = api.Validator();
        for (var index = 0; index < 20_000; index++)
            await validator.ValidateAsync(Junk($"t{index}"));

        Assert.Equal(20_000, api.Manager.GetStatus().Count);
        Assert.Equal(20_000, _server.JwksRequestCount);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("t0")));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("t19999")));
        Assert.Equal(20_000, _server.JwksRequestCount);
        Assert.DoesNotContain(_log.Entries, entry => entry.Id.Name == "ResolvedIssuersDropped");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_junk_token_causes_one_request_to_a_tenant_in_an_hour(bool hasKeys)
    {
        if (!hasKeys)
            _server.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync(AddressOfItsOwn);
        await api.GetStatusAsync(Junk("tenant"));

        await api.AdvanceAsync(_clock, TimeSpan.FromHours(1), TimeSpan.FromSeconds(30));

        Assert.Equal(1, _server.JwksRequestCount);
        Assert.Empty(api.Manager.GetStatus());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tenants_that_share_an_address_share_one_source_and_one_fetch(bool isConfigured)
    {
        await using var api = isConfigured ? await StartListAsync(30) : await StartAsync(SharedAddress);
        var tenants = isConfigured ? 30 : 1100;
        for (var index = 0; index < tenants; index++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token($"t{index}")));
        Assert.Single(api.Manager.GetStatus());
        Assert.Equal(1, _server.JwksRequestCount);

        _clock.Advance(TimeSpan.FromSeconds(10));
        _server.RotateKey();
        for (var index = 0; index < tenants; index += 10)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token($"t{index}")));
        Assert.Equal(2, _server.JwksRequestCount);

        // An operator may name any of them.
        Assert.Single(await api.Manager.RefreshAsync("https://t3.tenants.test"));
        Assert.Equal(3, _server.JwksRequestCount);
        await api.AdvanceAsync(_clock, TimeSpan.FromMinutes(5));
        Assert.Equal(4, _server.JwksRequestCount);
    }

    [Fact]
    public async Task A_shared_source_serves_only_the_issuers_that_are_configured_with_it()
    {
        var other = _server.AddIssuer("other");
        await using var api = await StartAsync(issuer => issuer.Contains("stranger") ? null
            : issuer.Contains("apart") ? new JwksIssuer { Issuer = issuer, JwksUri = other.JwksUri }
            : SharedAddress(issuer));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("t1")));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("t2")));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token("apart")));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token("stranger")));
    }

    private static JwksIssuer WithAddress(string issuer, string address) => new() { Issuer = issuer, JwksUri = address };

    private JwksIssuer AddressOfItsOwn(string issuer) => WithAddress(issuer, $"{_server.JwksUri}?{new Uri(issuer).Host}");

    private JwksIssuer SharedAddress(string issuer) => WithAddress(issuer, _server.JwksUri);

    private string Token(string tenant) => _server.CreateToken(token => token.WithIssuer($"https://{tenant}.tenants.test"));

    private string Junk(string tenant) => _server.CreateToken(token => token.WithIssuer($"https://{tenant}.tenants.test").WithUnknownKeyId().WithWrongSignature());

    private Task<TestApi> StartListAsync(int count) => StartAsync(null, options =>
    {
        for (var index = 0; index < count; index++)
            options.Issuers.Add(SharedAddress($"https://t{index}.tenants.test"));
    });

    private Task<TestApi> StartAsync(Func<string, JwksIssuer?>? resolve, Action<JwksBearerOptions>? configure = null) => TestApi.StartAsync(
        services => services.AddAuthentication().AddJwksBearer(options =>
        {
            options.Audience = _server.Audience;
            options.BackchannelHttpHandler = _server.CreateHandler();
            options.TimeProvider = _clock;
            if (resolve is not null)
                options.IssuerResolver = (issuer, _) => ValueTask.FromResult(resolve(issuer));
            configure?.Invoke(options);
        }),
        new TestApiSettings { Logging = logging => logging.AddProvider(_log) });
}
