using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Scopes;

public class ScopeTests
{
    private const string Missing = "403 Bearer error=\"insufficient_scope\", scope=\"orders.read orders.write\"";

    [Theory]
    [InlineData("scope", "\"orders.read orders.write other\"", "200", "200")]
    [InlineData("scope", "[\"orders.read\",\"orders.write\"]", "200", "200")]
    [InlineData("scp", "[\"orders.write\",\"orders.read\"]", "200", "200")]
    [InlineData("scp", "\"orders.write  orders.read\"", "200", "200")]
    [InlineData("scope", "[\"orders.read orders.write\"]", "200", "200")]
    [InlineData("scope", "\"orders.read\"", Missing, "200")]
    [InlineData("scp", "[\"orders.write\"]", Missing, "200")]
    [InlineData("scope", "\"ORDERS.READ orders.writer\"", Missing, Missing)]
    [InlineData("scope", "\"orders.read,orders.write\"", Missing, Missing)]
    [InlineData("scope", "\"orders.read\\torders.write\"", Missing, Missing)]
    [InlineData("scope", "\"orders.read\\norders.write\"", Missing, Missing)]
    [InlineData("scope", "\"orders.read\u00a0orders.write\"", Missing, Missing)]
    [InlineData("scope", "\"\"", Missing, Missing)]
    [InlineData("scope", "{\"orders.read\":true}", Missing, Missing)]
    [InlineData("scope", "[7,true,null]", Missing, Missing)]
    [InlineData("scopes", "\"orders.read orders.write\"", Missing, Missing)]
    public async Task Scopes_are_accepted_in_every_form_that_servers_use(string claim, string value, string all, string any)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);
        var token = issuer.CreateToken(token => token.WithClaim(claim, JsonNode.Parse(value)));

        Assert.Equal(all, await api.AskAsync("/all", token));
        Assert.Equal(any, await api.AskAsync("/any", token));
        Assert.Equal(all, await api.AskAsync("/policy", token));
    }

    [Fact]
    public async Task Scopes_are_found_even_if_claims_are_renamed()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer, options => options.MapInboundClaims = true);

        Assert.Equal("200", await api.AskAsync("/all", issuer.CreateToken(token => token.WithClaim("scp", "orders.read orders.write"))));
    }

    [Fact]
    public async Task A_401_names_the_scopes_that_the_endpoint_requires()
    {
        const string Scopes = "scope=\"orders.read orders.write\"", Expired = "401 Bearer error=\"invalid_token\", error_description=\"The token has expired\"";
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            issuer,
            application =>
            {
                Map(application);
                application.MapGet("/opened", () => "").AllowAccessTokens("teams");
                application.MapGet("/unscoped", () => "").AllowAccessTokensWithoutScope();
                application.MapGet("/stepped", () => "").RequireTokenScope("pay").RequireAcr("gold");
            },
            services => services.AddAuthorizationBuilder().AddPolicy("both", policy => policy.RequireTokenScope("orders.read", "orders.write")));
        var expired = issuer.CreateToken(token => token.Expired());

        foreach (var path in new[] { "/all", "/any", "/policy" })
        {
            Assert.Equal($"401 Bearer {Scopes}", await api.AskAsync(path));
            Assert.Equal($"{Expired}, {Scopes}", await api.AskAsync(path, expired));
        }

        Assert.Equal("401 Bearer scope=\"teams\"", await api.AskAsync("/opened"));
        Assert.EndsWith(", acr_values=\"gold\", scope=\"pay\"", await api.AskAsync("/stepped", issuer.CreateToken(token => token.WithScope("pay"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_401_names_no_scope_if_the_endpoint_requires_none()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.MapGet("/unscoped", () => "").AllowAccessTokensWithoutScope();
            application.MapGet("/role", () => "").RequireAuthorization(policy => policy.RequireRole("admin"));
        });

        foreach (var path in new[] { "/", "/unscoped", "/role" })
        {
            Assert.Equal("401 Bearer", await api.AskAsync(path));
            Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token has expired\"", await api.AskAsync(path, issuer.CreateToken(token => token.Expired())));
        }
    }

    [Fact]
    public async Task The_scopes_are_in_the_challenge_of_each_way_to_send_a_token()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            server, application => application.MapGet("/all", () => "").RequireTokenScope("orders.read"), services => services.AddAuthentication("Bearer").AddJwksSenderConstraint());

        var challenge = await api.AskAsync("/all");

        Assert.Contains("Bearer scope=\"orders.read\"", challenge, StringComparison.Ordinal);
        Assert.Contains("DPoP algs=", challenge, StringComparison.Ordinal);
        Assert.Equal(2, challenge.Split("scope=\"orders.read\"").Length - 1);
    }

    [Fact]
    public async Task The_challenge_names_the_scopes_of_every_rule_that_was_not_met()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            var group = application.MapGroup("/group").RequireTokenScope("orders");
            group.MapGet("/", () => "").RequireTokenScope("orders.write");
        });

        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"orders orders.write\"", await api.AskAsync("/group", issuer.CreateToken()));
        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"orders.write\"", await api.AskAsync("/group", issuer.CreateToken(token => token.WithScope("orders"))));
        Assert.Equal("200", await api.AskAsync("/group", issuer.CreateToken(token => token.WithScope("orders", "orders.write"))));
    }

    [Fact]
    public async Task Opaque_tokens_are_judged_by_the_same_rule()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection();
                services.TrustFakeIntrospection(server);
            },
            new TestApiSettings { Map = Map });

        Assert.Equal("200", await api.AskAsync("/all", server.Introspection.CreateToken(answer => answer["scope"] = "orders.read orders.write")));
        Assert.Equal(Missing, await api.AskAsync("/all", server.Introspection.CreateToken(answer => answer["scope"] = "orders.read")));
    }

    [Fact]
    public void A_rule_without_a_scope_or_with_an_invalid_one_throws()
    {
        var policy = new AuthorizationPolicyBuilder();

        Assert.Throws<ArgumentException>(() => policy.RequireTokenScope());
        Assert.Throws<ArgumentException>(() => policy.RequireAnyTokenScope());
        Assert.Throws<ArgumentException>(() => policy.RequireTokenScope("orders.read orders.write"));
        Assert.Throws<ArgumentException>(() => policy.RequireAnyTokenScope("orders\"read"));
        Assert.Throws<ArgumentException>(() => policy.RequireTokenScope(""));
    }

    private static Task<TestApi> StartAsync(FakeJwksServer issuer, Action<JwksBearerOptions>? options = null) => AccessApi.StartAsync(
        issuer,
        Map,
        services => services.AddAuthorizationBuilder().AddPolicy("both", policy => policy.RequireTokenScope("orders.read", "orders.write")),
        options);

    private static void Map(WebApplication application)
    {
        application.MapGet("/all", () => "").RequireTokenScope("orders.read", "orders.write");
        application.MapGet("/any", () => "").RequireAnyTokenScope("orders.read", "orders.write");
        if (application.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<AuthorizationOptions>>().Value.GetPolicy("both") is not null)
            application.MapGet("/policy", () => "").RequireAuthorization("both");
    }
}
