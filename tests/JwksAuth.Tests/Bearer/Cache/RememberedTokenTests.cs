using System.Security.Claims;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Cache;

/// <summary>To the application, a cached token is like a new one.</summary>
public class RememberedTokenTests
{
    // A token is verified twice; from the third use on only its identity is created.
    private const int Uses = 4;

    [Fact]
    public async Task A_claim_added_to_one_request_is_not_in_the_next()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services => AddScheme(services, issuer).AddTransient<IClaimsTransformation, AddsAClaim>(),
            new TestApiSettings
            {
                Map = application => application.MapGet("/added", (HttpContext context) => context.User.FindAll("added").Count()).RequireAuthorization(),
            });
        var token = issuer.CreateToken();

        for (var count = 0; count < Uses; count++)
            Assert.Equal("1", await (await api.SendAsync(token, "/added")).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("identity of another type")]
    [InlineData("case-sensitive identity")]
    [InlineData("clone")]
    public async Task A_clone_of_the_identity_has_all_claims(string kind)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services => AddScheme(services, issuer),
            new TestApiSettings
            {
                Map = application => application.MapGet("/copy", (HttpContext context) => Copy((ClaimsIdentity)context.User.Identity!).Claims.Count(claim => claim.Value == "alice")).RequireAuthorization(),
            });
        var token = issuer.CreateToken(fake => fake.WithSubject("alice"));

        for (var count = 0; count < Uses; count++)
            Assert.Equal("1", await (await api.SendAsync(token, "/copy")).Content.ReadAsStringAsync());

        ClaimsIdentity Copy(ClaimsIdentity identity) => kind switch
        {
            "identity" => new ClaimsIdentity(identity),
            "identity of another type" => new ClaimsIdentity(identity, [new Claim("more", "1")], "other", "sub", "role"),
            "case-sensitive identity" => new CaseSensitiveClaimsIdentity(identity),
            _ => identity.Clone(),
        };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_repeated_token_gives_the_same_identity_as_at_first(bool saveToken)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services => AddScheme(services, issuer).Configure<JwtBearerOptions>("Bearer", options => options.SaveToken = saveToken),
            new TestApiSettings { Map = application => application.MapGet("/all", (Delegate)DescribeAsync).RequireAuthorization() });
        var token = issuer.CreateToken(fake => fake.WithSubject("alice").WithClaim("roles", new JsonArray("reader", "writer")));

        var first = await (await api.SendAsync(token, "/all")).Content.ReadAsStringAsync();

        Assert.Contains("alice", first, StringComparison.Ordinal);
        Assert.Equal(saveToken, first.Contains(token, StringComparison.Ordinal));
        for (var count = 0; count < Uses; count++)
            Assert.Equal(first, await (await api.SendAsync(token, "/all")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Properties_changed_by_an_event_are_not_in_the_next_request()
    {
        var seen = new List<int>();
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                seen.Add(context.Properties.Items.Count);
                context.Properties.Items["mark"] = "1";
                return Task.CompletedTask;
            },
        });
        var token = issuer.CreateToken();

        for (var count = 0; count < Uses; count++)
            await api.GetStatusAsync(token);

        Assert.Equal(Enumerable.Repeat(seen[0], Uses), seen);
    }

    [Fact]
    public async Task Events_run_for_a_cached_token()
    {
        var fired = new List<string>();
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.Events = new JwtBearerEvents
        {
            OnMessageReceived = _ => Record("received"),
            OnTokenValidated = _ => Record("validated"),
        });
        var token = issuer.CreateToken();

        for (var count = 0; count < Uses; count++)
            await api.GetStatusAsync(token);

        Assert.Equal(Enumerable.Repeat<string[]>(["received", "validated"], Uses).SelectMany(both => both), fired);

        Task Record(string name)
        {
            fired.Add(name);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Code_can_read_the_token_of_a_cached_identity()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services => AddScheme(services, issuer),
            new TestApiSettings { Map = application => application.MapGet("/token", async (HttpContext context, CancellationToken _) => await context.GetTokenAsync("access_token")).RequireAuthorization() });
        var token = issuer.CreateToken();

        for (var count = 0; count < Uses; count++)
            Assert.Equal(token, await (await api.SendAsync(token, "/token")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_validator_of_the_application_sees_every_token()
    {
        var seen = 0;
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.TokenValidationParameters.AudienceValidator = (_, _, _) => ++seen > 0);
        var token = issuer.CreateToken();

        for (var count = 0; count < Uses; count++)
            await api.GetStatusAsync(token);

        Assert.Equal(Uses, seen);
    }

    private static IServiceCollection AddScheme(IServiceCollection services, FakeJwksServer issuer)
    {
        services.AddAuthentication().AddJwksBearer();
        return services.TrustFakeJwksServer(issuer);
    }

    private static async Task<string> DescribeAsync(HttpContext context)
    {
        var claims = context.User.Claims.Select(claim =>
            $"{claim.Type} {claim.Value} {claim.ValueType} {claim.Issuer} {string.Join(',', claim.Properties)} {claim.Subject == context.User.Identity}");
        var properties = (await context.AuthenticateAsync()).Properties!;
        return string.Join('\n', [.. claims, .. properties.Items.Select(item => $"{item.Key}: {item.Value}").Order(StringComparer.Ordinal)]);
    }

    private static Task<FakeJwksServer> StartIssuerAsync() =>
        FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });

    private sealed class AddsAClaim : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("added", "1"));
            return Task.FromResult(principal);
        }
    }
}
