using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JwksAuth.Tests.Introspection;

/// <summary>Metadata and keys are two documents: features that need only one do not wait for the other.</summary>
public sealed class MetadataAloneTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await IntrospectionApi.StartServerAsync(_clock);

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public static TheoryData<string, FakeResponse> UselessKeySets => new()
    {
        { "Ed25519 only", FakeResponse.Text("""{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""") },
        { "empty", FakeResponse.EmptyKeySet },
        { "500", FakeResponse.Status(500) },
        { "404", FakeResponse.NotFound },
        { "no JSON", FakeResponse.Text("<html>") },
        { "broken", FakeResponse.Abort },
        { "hanging", FakeResponse.Hang },
    };

    [Theory]
    [MemberData(nameof(UselessKeySets))]
    public async Task Plain_introspection_needs_no_keys(string name, FakeResponse jwks)
    {
        Assert.NotEmpty(name);
        _server.Jwks.Respond(jwks);
        await using var api = await IntrospectionApi.StartAsync(_server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync("junk"));
        Assert.Equal(0, _server.JwksRequestCount);
    }

    [Theory]
    [MemberData(nameof(UselessKeySets))]
    public async Task A_scheme_that_needs_keys_from_the_same_server_delays_no_other_scheme(string name, FakeResponse jwks)
    {
        Assert.NotEmpty(name);
        _server.Jwks.Respond(jwks);
        await using var api = await StartBothAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        Assert.Single(api.Manager.GetStatus());
        Assert.True(_server.JwksRequestCount > 0);
    }

    [Fact]
    public async Task Metadata_without_an_address_of_keys_is_enough_for_plain_introspection()
    {
        _server.CustomizeMetadata(metadata => metadata.Remove("jwks_uri"));
        await using var api = await IntrospectionApi.StartAsync(_server, settings: null);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        var status = Assert.Single(api.Manager.GetStatus());
        Assert.Equal((JwksSourceState.Fresh, null, _server.Issuer), (status.State, status.LastError, status.Issuer));
    }

    [Fact]
    public async Task Signed_answers_still_wait_for_keys()
    {
        _server.Jwks.Respond(FakeResponse.Status(500));
        await using var api = await IntrospectionApi.StartSignedAsync(_server);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task A_server_without_usable_keys_is_healthy_for_schemes_that_need_none()
    {
        _server.Jwks.Respond(FakeResponse.EmptyKeySet);
        using var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection();
                services.TrustFakeIntrospection(_server);
                services.AddHealthChecks().AddJwksAuth();
            },
            IntrospectionApi.Logging(log));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));

        var health = await api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Empty(log.Errors);
    }

    [Fact]
    public async Task Metadata_without_keys_is_refreshed_on_schedule_and_its_outage_is_logged()
    {
        await using var api = await IntrospectionApi.StartAsync(_server);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        _server.OpenIdConfiguration.Respond(FakeResponse.Status(503));

        Assert.Equal(JwksRefreshOutcome.Failed, Assert.Single(await api.Manager.RefreshAsync()).Outcome);
        Assert.Equal(JwksSourceState.Stale, Assert.Single(api.Manager.GetStatus()).State);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));

        _server.Reset();
        var before = _server.MetadataRequestCount;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _server.OpenIdConfiguration.WaitForRequestsAsync(before + 1);
    }

    [Theory]
    [InlineData("http://svc:S3cret@issuer.test/introspect")]
    [InlineData("https://svc:S3cret@issuer.test/introspect")]
    [InlineData("https://issuer.test/introspect#x")]
    [InlineData("http://127.0.0.1/introspect")]
    public async Task Tokens_and_secrets_go_only_to_addresses_that_could_be_configured(string endpoint)
    {
        using var log = new RecordedLog();
        _server.CustomizeMetadata(metadata =>
        {
            metadata["introspection_endpoint"] = endpoint;
            metadata["mtls_endpoint_aliases"] = new JsonObject { ["introspection_endpoint"] = endpoint };
        });
        foreach (var authentication in new[] { "client_secret_basic", "none" })
        {
            await using var api = await IntrospectionApi.StartAsync(_server, options => options.ClientAuthentication = authentication, IntrospectionApi.Logging(log));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        }

        Assert.Equal(0, _server.Introspection.Endpoint.RequestCount);
        Assert.DoesNotContain(log.Entries, entry => entry.Text.Contains("S3cret", StringComparison.Ordinal));
    }

    private Task<TestApi> StartBothAsync() => TestApi.StartAsync(services =>
    {
        var handler = _server.CreateHandler();
        services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection().AddJwksBearer();
        services.TrustFakeIntrospection(_server).TrustFakeJwksServer(_server);
        services.PostConfigure<JwksIntrospectionOptions>(JwksAuthDefaults.IntrospectionScheme, options => options.BackchannelHttpHandler = handler);
        services.PostConfigure<JwksBearerOptions>("Bearer", options => options.BackchannelHttpHandler = handler);
    });
}
