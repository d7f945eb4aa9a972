using System.Security.Claims;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using JwksAuth.Tests.Access;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Requests;

public class ServiceProviderTests
{
    [Theory]
    [InlineData("client_id", "\"desk\"", "desk")]
    [InlineData("client_id", "[\"desk\"]", "desk")]
    [InlineData("aud", "[\"desk\",\"api\"]", "desk")]
    [InlineData("aud", "[\"api\",\"desk\",\"desk\"]", "desk")]
    [InlineData("aud", "\"api\"", "api")]
    [InlineData("aud", "[\"desk\",\"shop\",\"api\"]", null)]
    [InlineData("client_id", "[\"desk\",\"shop\"]", null)]
    [InlineData("client_id", "\"\"", null)]
    [InlineData("client_id", "7", null)]
    [InlineData("client_id", "{\"id\":\"desk\"}", null)]
    public async Task The_claim_of_the_option_names_the_provider(string claim, string value, string? provider)
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(server, claim);

        var jwt = server.CreateToken(token => token.WithClaim(claim, JsonNode.Parse(value)));
        var opaque = server.Introspection.CreateToken(answer => answer[claim] = JsonNode.Parse(value));

        var expected = provider is null
            ? "401 Bearer error=\"invalid_token\", error_description=\"The token names no service provider\""
            : $"200 {provider} of {server.Issuer}";
        Assert.Equal(expected, await ReadAsync(api, "/jwt", jwt));
        Assert.Equal(expected, await ReadAsync(api, "/opaque", opaque));
    }

    [Fact]
    public async Task A_token_without_the_claim_is_refused()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(server, "client_id");

        Assert.Equal(
            "401 Bearer error=\"invalid_token\", error_description=\"The token names no service provider\"",
            await ReadAsync(api, "/jwt", server.CreateToken(token => token.WithoutClaim("client_id"))));
    }

    [Fact]
    public async Task No_token_names_its_provider_by_the_claim_that_the_scheme_sets()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(server, "client_id");
        var token = server.CreateToken(token => token.WithClaim("service_provider", "forged"));

        // The third request is answered from the cache of validated tokens.
        for (var count = 0; count < 3; count++)
            Assert.Equal($"200 client-1 of {server.Issuer}", await ReadAsync(api, "/jwt", token));
    }

    [Theory]
    [InlineData("client_id", "200 client-1")]
    [InlineData(null, "200 ")]
    public async Task No_token_sets_that_claim_by_a_name_in_another_case(string? claim, string expected)
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(server, claim);
        var jwt = server.CreateToken(token => token.WithClaim("Service_Provider", "forged"));
        var opaque = server.Introspection.CreateToken(answer => answer["Service_Provider"] = "forged");

        Assert.Equal(expected, await ReadAsync(api, "/jwt/claims", jwt));
        Assert.Equal(expected, await ReadAsync(api, "/opaque/claims", opaque));
    }

    [Fact]
    public async Task No_other_scheme_names_a_provider_by_that_claim()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, application => application.MapGet("/session", Describe).RequireAuthorization(), services =>
            services.Configure<CookieAuthenticationOptions>(AccessApi.SessionScheme, cookie => cookie.Events.OnValidatePrincipal = context =>
            {
                context.Principal!.Identities.Single().AddClaim(new Claim("service_provider", "forged"));
                return Task.CompletedTask;
            }));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/session");
        request.Headers.Add("Cookie", await api.LogInAsync());
        using var response = await api.Client.SendAsync(request);

        Assert.Equal("none", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_the_option_there_is_no_provider()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(server, null);

        Assert.Equal("200 none", await ReadAsync(api, "/jwt", server.CreateToken(token => token.WithClaim("service_provider", "forged"))));
    }

    private static Task<TestApi> StartAsync(FakeJwksServer server, string? claim) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer(options => options.ServiceProviderClaim = claim)
                .AddJwksIntrospection(options => options.ServiceProviderClaim = claim);
            services.TrustFakeJwksServer(server);
            services.TrustFakeIntrospection(server);
        },
        new TestApiSettings
        {
            Map = application =>
            {
                foreach (var (path, scheme) in new[] { ("/jwt", "Bearer"), ("/opaque", "Introspection") })
                {
                    var routes = application.MapGroup(path).RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());
                    routes.MapGet("", Describe);
                    routes.MapGet("/claims", FindClaims);
                }
            },
        });

    private static string Describe(HttpContext context) => context.GetJwksServiceProvider() is { } provider ? $"{provider.Id} of {provider.Issuer}" : "none";

    // An application may copy identities; the copy ignores case, even if the original did not.
    private static string FindClaims(HttpContext context) =>
        string.Join(',', new ClaimsIdentity(context.User.Identity).FindAll(JwksAuthDefaults.ServiceProviderClaimType).Select(claim => claim.Value));

    private static async Task<string> ReadAsync(TestApi api, string path, string token)
    {
        using var response = await api.SendAsync(token, path);
        return $"{(int)response.StatusCode} {string.Join(", ", response.Headers.WwwAuthenticate)}{await response.Content.ReadAsStringAsync()}";
    }
}
