using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Bearer;

/// <summary>Discovery: from an authority to its keys.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;
    private FakeIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _server = await TestIssuer.StartAsync(_clock);
        _issuer = _server.AddIssuer("tenant");
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Metadata_is_read_once_for_many_fetches_of_keys()
    {
        await using var api = await StartAsync();
        for (var rotation = 1; rotation < 4; rotation++)
        {
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
            _clock.Advance(TimeSpan.FromSeconds(10));
            _issuer.RotateKey();
        }

        Assert.Equal(1, _issuer.MetadataRequestCount);
        Assert.Equal(3, _issuer.JwksRequestCount);
    }

    public static TheoryData<string, FakeResponse> AnswersWithoutMetadata => new()
    {
        { "400", FakeResponse.Status(400) },
        { "401", FakeResponse.Status(401) },
        { "403", FakeResponse.Text("""{"message":"Forbidden"}""", statusCode: 403) },
        { "404", FakeResponse.NotFound },
        { "405", FakeResponse.Status(405) },
        { "410", FakeResponse.Status(410) },
        { "418", FakeResponse.Status(418) },
        { "501", FakeResponse.Status(501) },
        { "204", FakeResponse.Status(204) },
        { "a page", FakeResponse.Text("<!doctype html><title>Shop</title>", "text/html") },
        { "an empty body", FakeResponse.Text("") },
        { "a list", FakeResponse.Text("[]") },
        { "another object", FakeResponse.Text("""{"error":"not found"}""") },
        { "a large page", FakeResponse.Oversize() },
        { "a redirect to the login page", FakeResponse.Redirect("https://issuer.test/login") },
    };

    [Theory]
    [MemberData(nameof(AnswersWithoutMetadata))]
    public async Task OAuth_metadata_is_fetched_if_OpenID_discovery_is_absent(string name, FakeResponse response)
    {
        Assert.NotEmpty(name);
        _issuer.OpenIdConfiguration.Respond(response);
        await using var api = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal("https://issuer.test/.well-known/oauth-authorization-server/tenant", _issuer.OAuthMetadata.Uri);
        Assert.Equal(1, _issuer.OAuthMetadata.RequestCount);
    }

    [Fact]
    public async Task OAuth_metadata_is_not_fetched_if_OpenID_discovery_only_fails()
    {
        _issuer.OpenIdConfiguration.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(0, _issuer.OAuthMetadata.RequestCount);
    }

    [Fact]
    public async Task Metadata_found_at_the_second_address_is_fetched_there_first_next_time()
    {
        _issuer.OpenIdConfiguration.Respond(FakeResponse.NotFound);
        await using var api = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        _issuer.OpenIdConfiguration.Respond(FakeResponse.Status(500));
        Assert.Equal(JwksRefreshOutcome.NotModified, Assert.Single(await api.Manager.RefreshAsync()).Outcome);
        Assert.Equal(2, _issuer.OAuthMetadata.RequestCount);

        _issuer.OpenIdConfiguration.Reset();
        _issuer.OAuthMetadata.Respond(FakeResponse.NotFound);
        Assert.Equal(JwksRefreshOutcome.NotModified, Assert.Single(await api.Manager.RefreshAsync()).Outcome);
    }

    [Fact]
    public async Task The_error_for_an_issuer_without_metadata_names_both_addresses_and_a_remedy()
    {
        _issuer.OpenIdConfiguration.Respond(FakeResponse.NotFound);
        _issuer.OAuthMetadata.Respond(FakeResponse.Status(403));
        await using var api = await StartAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));

        var error = Assert.Single(api.Manager.GetStatus()).LastError!;
        Assert.Contains($"The server at {_issuer.MetadataAddress} answered with status 404.", error, StringComparison.Ordinal);
        Assert.Contains($"The server at {_issuer.OAuthMetadata.Uri} answered with status 403.", error, StringComparison.Ordinal);
        Assert.Contains("set MetadataAddress", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://svc:S3cret@issuer.test/tenant/jwks")]
    [InlineData("https://svc:S3cret@issuer.test/tenant/jwks")]
    [InlineData("https://svc@issuer.test/tenant/jwks")]
    [InlineData("https://@issuer.test/tenant/jwks")]
    [InlineData("https://issuer.test/tenant/jwks#fragment")]
    [InlineData("http://127.0.0.1/tenant/jwks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/tenant/jwks")]
    public async Task Metadata_leads_only_to_addresses_that_could_be_configured(string jwksUri)
    {
        _issuer.CustomizeMetadata(metadata => metadata["jwks_uri"] = jwksUri);
        await using var api = await StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(0, _issuer.JwksRequestCount);
        Assert.DoesNotContain("S3cret", Assert.Single(api.Manager.GetStatus()).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("issuer", "https://other.test", "The metadata at https://issuer.test/tenant/.well-known/openid-configuration names issuer 'https://other.test', but 'https://issuer.test/tenant' is configured: set Issuer to 'https://other.test', or MetadataAddress in place of Authority.")]
    [InlineData("issuer", null, "The metadata at https://issuer.test/tenant/.well-known/openid-configuration names no issuer.")]
    [InlineData("jwks_uri", null, "The metadata has no jwks_uri.")]
    [InlineData("jwks_uri", "http://issuer.test/tenant/jwks", "The address 'http://issuer.test/tenant/jwks' is not https: use https, or set RequireHttpsMetadata to false for a loopback address (AllowInsecureHttp for any).")]
    public async Task Unreliable_metadata_is_a_named_failure(string member, string? value, string error)
    {
        _issuer.CustomizeMetadata(metadata =>
        {
            metadata.Remove(member);
            if (value is not null)
                metadata[member] = value;
        });
        await using var api = await StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(error, Assert.Single(api.Manager.GetStatus()).LastError);
        Assert.Equal(0, _issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("https://issuer.test/tenant/")]
    [InlineData("https://issuer.test/tenant")]
    public async Task The_issuer_is_compared_as_the_metadata_spells_it(string authority)
    {
        await using var api = await StartAsync(options => options.Authority = authority);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithIssuer(_issuer.Issuer + "/"))));
    }

    [Fact]
    public async Task A_metadata_address_names_issuer_and_keys()
    {
        await using var api = await StartAsync(options => (options.Authority, options.MetadataAddress) = (null, _issuer.MetadataAddress));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithIssuer("https://other.test"))));
    }

    [Theory]
    [InlineData("max-age=0")]
    [InlineData("no-cache")]
    [InlineData("no-store")]
    [InlineData("max-age=31536000")]
    [InlineData("max-age=120")]
    [InlineData("max-age=-5, ???")]
    [InlineData("private")]
    public async Task Caching_headers_move_the_next_fetch_only_between_one_and_five_minutes(string caching)
    {
        _issuer.Jwks.SetHeader("Cache-Control", caching);
        _issuer.Jwks.SetHeader("Age", "30");
        await using var api = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        var next = Assert.Single(api.Manager.GetStatus()).NextFetchIn!.Value;
        Assert.InRange(next, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
        _clock.Advance(next);
        await _issuer.WaitForJwksRequestsAsync(2);
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task The_wall_clock_affects_no_interval()
    {
        await using var api = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        foreach (var days in new[] { 1, -2 })
        {
            _clock.ShiftWallClock(TimeSpan.FromDays(days));
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithUnknownKeyId())));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        }

        Assert.Equal(2, _issuer.JwksRequestCount);
        Assert.Equal(TimeSpan.FromSeconds(10), Assert.Single(api.Manager.GetStatus()).CooldownEndsIn);
    }

    [Fact]
    public async Task An_operator_refreshes_and_the_next_request_sees_it()
    {
        await using var api = await StartAsync();
        var withdrawn = _issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(withdrawn));
        Assert.Equal(JwksRefreshOutcome.NotModified, Assert.Single(await api.Manager.RefreshAsync()).Outcome);

        var removed = _issuer.CurrentKey.KeyId;
        var added = _issuer.ReplaceAll().KeyId;
        var result = Assert.Single(await api.Manager.RefreshAsync(_issuer.Issuer));

        Assert.Equal(JwksRefreshOutcome.Changed, result.Outcome);
        Assert.Equal([added], result.AddedKeyIds);
        Assert.Equal([removed], result.RemovedKeyIds);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(withdrawn));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [Fact]
    public async Task A_refresh_that_fails_says_why_and_keeps_the_keys()
    {
        await using var api = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        _issuer.Jwks.Respond(FakeResponse.Redirect("https://elsewhere.test/jwks"));

        var result = Assert.Single(await api.Manager.RefreshAsync());

        Assert.Equal((JwksRefreshOutcome.Failed, $"The server at {_issuer.JwksUri} redirects to https://elsewhere.test/jwks, which is not allowed."), (result.Outcome, result.Error));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Empty(await api.Manager.RefreshAsync("https://unknown.test"));
    }

    [Fact]
    public async Task After_a_clear_the_next_token_causes_one_fetch()
    {
        await using var api = await StartAsync();
        var token = _issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        api.Manager.Clear();

        Assert.Equal(JwksSourceState.NotLoaded, Assert.Single(api.Manager.GetStatus()).State);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    private Task<TestApi> StartAsync(Action<JwksBearerOptions>? configure = null) => TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
    {
        options.Authority = _issuer.Issuer;
        options.Audience = _server.Audience;
        options.BackchannelHttpHandler = _server.CreateHandler();
        options.TimeProvider = _clock;
        configure?.Invoke(options);
    }));
}
