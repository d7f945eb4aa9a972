using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access;

public class ProtectedResourceMetadataTests
{
    [Fact]
    public async Task Metadata_is_made_of_what_schemes_and_endpoints_say()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.MapProtectedResourceMetadata(configure: options => options.ResourceName = "Orders");
            application.MapGet("/orders", () => "").RequireTokenScope("orders.read");
            application.MapGet("/teams", () => "").AllowResourceServer("teams");
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
        Assert.Equal($"401 Bearer {Orders}", await api.AskAsync("/orders/all"));
        Assert.Equal($"401 Bearer error=\"invalid_token\", error_description=\"The token has expired\", {Orders}", await api.AskAsync("/orders/all", issuer.CreateToken(token => token.Expired())));
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
    public async Task An_identifier_that_is_none_stops_the_host(string resource)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        await Assert.ThrowsAsync<ArgumentException>(() =>
            AccessApi.StartAsync(issuer, application => application.MapProtectedResourceMetadata(configure: options => options.Resource = resource)));
    }
}
