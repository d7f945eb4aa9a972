using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Metadata;

public class ProtectedResourceMetadataTests
{
    [Fact]
    public async Task Metadata_is_built_from_schemes_and_endpoints()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.MapProtectedResourceMetadata(configure: options => options.ResourceName = "Orders");
            application.MapGet("/orders", () => "").RequireTokenScope("orders.read");
            application.MapGet("/teams", () => "").AllowAccessTokens("teams");
            application.MapGet("/reports", () => "").RequireAuthorization("reports");
        }, services => services.AddAuthorizationBuilder().AddPolicy("reports", policy => policy.RequireAnyTokenScope("reports")));

        using var response = await api.SendAsync(null, "/.well-known/oauth-protected-resource");
        var metadata = await response.Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(
            $$"""{"resource":"http://localhost","authorization_servers":["{{issuer.Issuer}}"],"scopes_supported":["orders.read","reports","teams"],"bearer_methods_supported":["header"],"resource_name":"Orders"}""",
            metadata!.ToJsonString());
    }

    [Fact]
    public async Task The_document_may_be_cached_for_five_minutes()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application => application.MapProtectedResourceMetadata());

        using var response = await api.SendAsync(null, "/.well-known/oauth-protected-resource");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=300", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Every_challenge_names_the_metadata_of_the_innermost_resource()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.MapProtectedResourceMetadata();
            application.MapProtectedResourceMetadata("/orders");
            application.MapGet("/orders/all", () => "").RequireTokenScope("orders.read");
        });

        const string Orders = "resource_metadata=\"http://localhost/.well-known/oauth-protected-resource/orders\"";
        Assert.Equal($"401 Bearer scope=\"orders.read\", {Orders}", await api.AskAsync("/orders/all"));
        Assert.Equal($"401 Bearer error=\"invalid_token\", error_description=\"The token has expired\", scope=\"orders.read\", {Orders}", await api.AskAsync("/orders/all", issuer.CreateToken(token => token.Expired())));
        Assert.Equal($"403 Bearer error=\"insufficient_scope\", scope=\"orders.read\", {Orders}", await api.AskAsync("/orders/all", issuer.CreateToken()));
        Assert.Equal("401 Bearer resource_metadata=\"http://localhost/.well-known/oauth-protected-resource\"", await api.AskAsync("/"));

        var metadata = await api.Client.GetFromJsonAsync<JsonObject>("/.well-known/oauth-protected-resource/orders");
        Assert.Equal("http://localhost/orders", (string?)metadata!["resource"]);
        Assert.Equal("""["orders.read"]""", metadata["scopes_supported"]!.ToJsonString());
    }

    [Fact]
    public async Task A_configured_identifier_does_not_follow_the_host_of_the_request()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            issuer, application => application.MapProtectedResourceMetadata("/v1", options => options.Resource = "https://api.example.com/v1"));

        var metadata = await api.Client.GetFromJsonAsync<JsonObject>("/.well-known/oauth-protected-resource/v1");

        Assert.Equal("https://api.example.com/v1", (string?)metadata!["resource"]);
    }

    [Theory]
    [InlineData("", "/mcp", null, "/mcp")]
    [InlineData("", "/mcp", null, "/MCP")]
    [InlineData("", "/mcp", null, "/Mcp/tools")]
    [InlineData("", "mcp/", null, "/mcp")]
    [InlineData("", "/MCP", null, "/mcp")]
    [InlineData("", "/orders", "https://api.example.com/shop/orders", "/orders")]
    [InlineData("", "/orders", "https://api.example.com/shop/orders/", "/orders/1")]
    [InlineData("", "/orders", "https://api.example.com", "/orders")]
    [InlineData("", "", "https://api.example.com/shop", "/orders")]
    [InlineData("", "/orders", "https://api.example.com/my%20shop/orders", "/orders")]
    [InlineData("/v1", "/items", null, "/v1/items")]
    [InlineData("/v1", "/items", null, "/V1/ITEMS/7")]
    [InlineData("/v1", "", null, "/v1/items")]
    [InlineData("/v1", "/items", "https://api.example.com/shop/v1/items", "/v1/items")]
    [InlineData("/a/b", "/c", null, "/a/b/c")]
    public async Task The_address_in_challenges_serves_the_metadata_of_the_resource(string group, string path, string? resource, string request)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.MapGroup(group).MapProtectedResourceMetadata(path, options => options.Resource = resource);
            application.MapGet("{**rest}", () => "").RequireTokenScope("some");
        });

        var challenge = await api.AskAsync(request);
        var address = new Uri(challenge.Split("resource_metadata=\"")[1].TrimEnd('"'));
        var metadata = await api.Client.GetFromJsonAsync<JsonObject>(address.PathAndQuery);

        var identifier = (string)metadata!["resource"]!;
        Assert.Equal(resource ?? $"http://localhost{group}/{path.Trim('/')}".TrimEnd('/'), identifier);
        Assert.Equal(new Uri(identifier).GetLeftPart(UriPartial.Authority) + "/.well-known/oauth-protected-resource" + new Uri(identifier).AbsolutePath.TrimEnd('/'), address.AbsoluteUri);
    }

    [Theory]
    [InlineData("/mcpx")]
    [InlineData("/other")]
    public async Task A_challenge_outside_the_resource_does_not_name_its_metadata(string path)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.MapProtectedResourceMetadata("/mcp");
            application.MapGet("{**rest}", () => "").RequireTokenScope("some");
        });

        Assert.Equal("401 Bearer scope=\"some\"", await api.AskAsync(path));
    }

    [Fact]
    public async Task Nested_groups_and_a_path_base_are_part_of_the_address()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.UsePathBase("/base");
            application.UseRouting();
            application.UseAuthorization();
            var items = application.MapGroup("/v1").MapGroup("/store");
            items.MapProtectedResourceMetadata("/items");
            items.MapGet("/items", () => "").RequireTokenScope("some");
        });

        var challenge = await api.AskAsync("/base/v1/store/items");
        var address = challenge.Split("resource_metadata=\"")[1].TrimEnd('"');

        Assert.Equal("http://localhost/base/.well-known/oauth-protected-resource/v1/store/items", address);
        Assert.Equal("http://localhost/base/v1/store/items", (string?)(await api.Client.GetFromJsonAsync<JsonObject>(new Uri(address).PathAndQuery))!["resource"]);
    }

    [Fact]
    public async Task A_group_with_parameters_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            AccessApi.StartAsync(issuer, application => application.MapGroup("/{tenant}").MapProtectedResourceMetadata("/items")));

        Assert.Contains("has parameters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_that_no_endpoint_serves_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(issuer, application =>
        {
            var elsewhere = new Elsewhere(application);
            elsewhere.MapProtectedResourceMetadata("/items");
        }));

        Assert.Equal(
            "Challenges name metadata at /.well-known/oauth-protected-resource/items, but no endpoint serves it: map the route group that MapProtectedResourceMetadata was called on.",
            failure.Message);
    }

    [Fact]
    public async Task Bound_tokens_are_announced()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer()
                    .AddJwksSenderConstraint(configure: options => (options.Required, options.Certificates, options.DpopAlgorithms) = (true, false, ["ES256"]));
                services.TrustFakeJwksServer(issuer);
            },
            new TestApiSettings { Map = application => application.MapProtectedResourceMetadata() });

        var metadata = await api.Client.GetFromJsonAsync<JsonObject>("/.well-known/oauth-protected-resource");

        Assert.Equal("""["ES256"]""", metadata!["dpop_signing_alg_values_supported"]!.ToJsonString());
        Assert.True((bool?)metadata["dpop_bound_access_tokens_required"]);
        Assert.Null(metadata["tls_client_certificate_bound_access_tokens"]);
    }

    [Theory]
    [InlineData("http://api.example.com")]
    [InlineData("https://api.example.com/#here")]
    [InlineData("https://api.example.com/?v=1")]
    [InlineData("orders")]
    public async Task An_invalid_identifier_stops_the_host(string resource)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        await Assert.ThrowsAsync<ArgumentException>(() =>
            AccessApi.StartAsync(issuer, application => application.MapProtectedResourceMetadata(configure: options => options.Resource = resource)));
    }

    /// <summary>Routes that the application never maps.</summary>
    private sealed class Elsewhere(IEndpointRouteBuilder application) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => application.ServiceProvider;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => application.CreateApplicationBuilder();
    }
}
