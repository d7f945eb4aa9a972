using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection;

/// <summary>Which endpoint is used: the one that current metadata names for the API's way to authenticate.</summary>
public sealed class MovedEndpointTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;
    private FakeIssuer _newPlace = null!;

    public async Task InitializeAsync()
    {
        _server = await IntrospectionApi.StartServerAsync(_clock);
        _newPlace = _server.AddIssuer("v2");
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public static TheoryData<string, FakeResponse> OldPlaces => new()
    {
        { "not found", FakeResponse.NotFound },
        { "another method", FakeResponse.Status(405) },
        { "gone", FakeResponse.Status(410) },
        { "redirecting", FakeResponse.Redirect("https://issuer.test/v2/introspect", 308) },
        { "refusing connections", FakeResponse.Abort },
    };

    [Theory]
    [MemberData(nameof(OldPlaces))]
    public async Task An_endpoint_that_has_moved_is_found_with_the_same_request(string name, FakeResponse oldPlace)
    {
        Assert.NotEmpty(name);
        await using var api = await IntrospectionApi.StartAsync(_server);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        _clock.Advance(TimeSpan.FromSeconds(11));
        _server.Introspection.Endpoint.Respond(oldPlace);
        _server.CustomizeMetadata(metadata => metadata["introspection_endpoint"] = _newPlace.Introspection.Endpoint.Uri);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(NewToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(NewToken()));
        Assert.Equal((2, 2), (_server.Introspection.Endpoint.RequestCount, _server.MetadataRequestCount));
    }

    [Fact]
    public async Task A_missing_endpoint_causes_one_metadata_fetch_per_cooldown()
    {
        await using var api = await IntrospectionApi.StartAsync(_server);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        _server.Introspection.Endpoint.Respond(FakeResponse.NotFound);
        for (var round = 1; round < 4; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            for (var count = 0; count < 5; count++)
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync($"token-{round}-{count}"));
            Assert.Equal(1 + round, _server.MetadataRequestCount);
        }
    }

    [Fact]
    public async Task Metadata_that_names_no_endpoint_is_read_again_after_the_cooldown()
    {
        _server.CustomizeMetadata(metadata => metadata.Remove("introspection_endpoint"));
        await using var api = await IntrospectionApi.StartAsync(_server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_server.Introspection.CreateToken()));

        _server.CustomizeMetadata(null);
        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("client_secret_basic", false)]
    [InlineData("client_secret_post", false)]
    public async Task Clients_with_a_certificate_use_their_own_endpoint(string authentication, bool asksAlias)
    {
        _server.CustomizeMetadata(metadata =>
            metadata["mtls_endpoint_aliases"] = new JsonObject { ["token_endpoint"] = "https://issuer.test/t", ["introspection_endpoint"] = _newPlace.Introspection.Endpoint.Uri });
        await using var api = await IntrospectionApi.StartAsync(_server, options => options.ClientAuthentication = authentication);
        await api.GetStatusAsync("token");

        Assert.Equal(asksAlias ? (0, 1) : (1, 0), (_server.Introspection.Endpoint.RequestCount, _newPlace.Introspection.Endpoint.RequestCount));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"introspection_endpoint":null}""")]
    [InlineData("""{"introspection_endpoint":""}""")]
    [InlineData("""{"token_endpoint":"https://issuer.test/t"}""")]
    public async Task Without_an_alias_the_regular_endpoint_is_used(string aliases)
    {
        _server.CustomizeMetadata(metadata => metadata["mtls_endpoint_aliases"] = JsonNode.Parse(aliases));
        await using var api = await IntrospectionApi.StartAsync(_server, options => options.ClientAuthentication = "none");

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task A_configured_endpoint_takes_precedence_over_metadata()
    {
        _server.CustomizeMetadata(metadata => metadata["mtls_endpoint_aliases"] = new JsonObject { ["introspection_endpoint"] = "https://issuer.test/other" });
        await using var api = await IntrospectionApi.StartAsync(_server, options =>
        {
            options.ClientAuthentication = "none";
            options.IntrospectionEndpoint = _newPlace.Introspection.Endpoint.Uri;
        });
        await api.GetStatusAsync("token");

        Assert.Equal(0, _server.Introspection.Endpoint.RequestCount);
    }

    private string NewToken() => _newPlace.Introspection.CreateToken(answer => answer["iss"] = _server.Issuer);
}
