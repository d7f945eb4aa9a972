using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Testing;

public class FakeJwksServerTests
{
    [Fact]
    public async Task Loopback_issuer_is_http_on_127_0_0_1()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: false);

        Assert.StartsWith("http://127.0.0.1:", server.Issuer, StringComparison.Ordinal);
        Assert.Equal($"{server.Issuer}/jwks", server.JwksUri);
        Assert.Equal($"{server.Issuer}/.well-known/openid-configuration", server.MetadataAddress);
    }

    [Fact]
    public async Task In_process_issuer_is_https_without_a_socket()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);

        Assert.Equal("https://issuer.test", server.Issuer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metadata_leads_to_the_key_set(bool inProcess)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess);
        using var client = server.CreateClient();

        foreach (var address in new[] { server.MetadataAddress, server.OAuthMetadata.Uri })
        {
            var metadata = await client.GetJsonAsync(address);
            Assert.Equal(server.Issuer, (string?)metadata["issuer"]);
            Assert.Equal([server.CurrentKey.KeyId], await client.GetKeyIdsAsync((string)metadata["jwks_uri"]!));
        }

        Assert.Equal(2, server.MetadataRequestCount);
        Assert.Equal(2, server.JwksRequestCount);
    }

    [Fact]
    public async Task Metadata_can_be_customized()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        using var client = server.CreateClient();

        server.CustomizeMetadata(metadata => metadata["issuer"] = "https://other.test");
        Assert.Equal("https://other.test", (string?)(await client.GetJsonAsync(server.MetadataAddress))["issuer"]);

        server.CustomizeMetadata(null);
        Assert.Equal(server.Issuer, (string?)(await client.GetJsonAsync(server.MetadataAddress))["issuer"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Several_issuers_have_their_own_keys_answers_and_counts(bool inProcess)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess);
        using var client = server.CreateClient();
        var tenant = server.AddIssuer("tenant-a");
        server.Jwks.Respond(FakeResponse.Status(500));

        Assert.Equal($"{server.Issuer}/tenant-a", tenant.Issuer);
        Assert.Equal(["tenant-a-key-1"], await client.GetKeyIdsAsync(tenant.JwksUri));
        Assert.Equal(tenant.Issuer, (string?)(await client.GetJsonAsync(tenant.MetadataAddress))["issuer"]);
        Assert.Equal(
            tenant.Issuer,
            (string?)(await client.GetJsonAsync($"{server.Issuer}/.well-known/oauth-authorization-server/tenant-a"))["issuer"]);
        Assert.Equal((1, 2), (tenant.JwksRequestCount, tenant.MetadataRequestCount));
        Assert.Equal((0, 0), (server.JwksRequestCount, server.MetadataRequestCount));
        Assert.Equal(3, tenant.Requests.Count);
        Assert.Empty(server.DefaultIssuer.Requests);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("taken")]
    public async Task An_invalid_issuer_name_throws(string name)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        server.AddIssuer("taken");

        Assert.Throws<ArgumentException>(() => server.AddIssuer(name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outage_refuses_connections_and_ends_at_the_same_address(bool inProcess)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess);
        using var client = server.CreateClient();
        var before = await client.GetKeyIdsAsync(server.JwksUri);

        await server.StopAsync();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.JwksUri));
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);

        await server.RestartAsync();
        Assert.Equal(before, await client.GetKeyIdsAsync(server.JwksUri));
        Assert.Equal(2, server.JwksRequestCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outage_breaks_running_requests(bool inProcess)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess);
        using var client = server.CreateClient();
        server.Jwks.Respond(FakeResponse.Hang);
        var request = client.GetAsync(server.JwksUri);
        await server.WaitForJwksRequestsAsync(1);

        await server.StopAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    [Fact]
    public async Task Stop_restart_and_dispose_may_be_repeated()
    {
        var server = await FakeServerFixtures.StartAsync(inProcess: false);
        using var client = server.CreateClient();
        for (var outage = 0; outage < 3; outage++)
        {
            await server.StopAsync();
            await server.StopAsync();
            await server.RestartAsync();
            await server.RestartAsync();
            Assert.Single(await client.GetKeyIdsAsync(server.JwksUri));
        }

        await server.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task An_unknown_path_is_404_and_another_method_405()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        using var client = server.CreateClient();

        using var unknown = await client.GetAsync($"{server.Issuer}/elsewhere");
        using var post = await client.PostAsync(server.JwksUri, content: null);

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(0, server.JwksRequestCount);
        Assert.Equal(["GET /elsewhere", "POST /jwks"], server.Requests.Select(request => $"{request.Method} {request.Path}"));
    }

    [Fact]
    public async Task Requests_are_recorded_with_time_and_headers_up_to_the_capacity()
    {
        var clock = new FakeClock();
        await using var server = await FakeJwksServer.StartInProcessAsync(
            new FakeJwksServerOptions { Algorithm = "ES256", TimeProvider = clock, RequestLogCapacity = 2 });
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Correlation", "42");

        for (var second = 0; second < 3; second++)
        {
            await client.GetStringAsync(server.JwksUri);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, server.JwksRequestCount);
        Assert.Equal([clock.GetUtcNow().AddSeconds(-2), clock.GetUtcNow().AddSeconds(-1)], server.Requests.Select(request => request.Time));
        Assert.All(server.DefaultIssuer.Requests, request => Assert.Equal("42", request.Headers["x-correlation"]));
    }
}
