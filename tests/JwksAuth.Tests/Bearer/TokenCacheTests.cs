using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using JwksAuth.Bearer;
using JwksAuth.Schemes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer;

public class TokenCacheTests
{
    private readonly FakeClock _clock = new();

    [SkippableFact]
    public async Task A_repeated_token_is_remembered_and_a_refused_one_is_not()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();

        for (var count = 0; count < 3; count++)
        {
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(other => other.WithWrongSignature())));
        }

        Assert.Equal(1, CacheOf(api)!.Count);
    }

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

        for (var count = 0; count < 3; count++)
            Assert.Equal("1", await (await api.SendAsync(token, "/added")).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("identity of another type")]
    [InlineData("case-sensitive identity")]
    [InlineData("clone")]
    public async Task A_copy_that_the_application_makes_has_all_claims(string kind)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services => AddScheme(services, issuer),
            new TestApiSettings
            {
                Map = application => application.MapGet("/copy", (HttpContext context) => Copy((ClaimsIdentity)context.User.Identity!).Claims.Count(claim => claim.Value == "alice")).RequireAuthorization(),
            });
        var token = issuer.CreateToken(fake => fake.WithSubject("alice"));

        for (var count = 0; count < 2; count++)
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
    public async Task A_repeated_token_brings_exactly_what_it_brought_at_first(bool saveToken)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services => AddScheme(services, issuer).Configure<JwtBearerOptions>("Bearer", options => options.SaveToken = saveToken),
            new TestApiSettings { Map = application => application.MapGet("/all", (Delegate)DescribeAsync).RequireAuthorization() });
        var token = issuer.CreateToken(fake => fake.WithSubject("alice").WithClaim("roles", new JsonArray("reader", "writer")));

        var first = await (await api.SendAsync(token, "/all")).Content.ReadAsStringAsync();

        Assert.Contains("alice", first, StringComparison.Ordinal);
        Assert.Equal(saveToken, first.Contains(token, StringComparison.Ordinal));
        for (var count = 0; count < 3; count++)
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

        await api.GetStatusAsync(token);
        await api.GetStatusAsync(token);

        Assert.Equal([seen[0], seen[0]], seen);
    }

    [Fact]
    public async Task Events_fire_for_a_remembered_token()
    {
        var fired = new List<string>();
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.Events = new JwtBearerEvents
        {
            OnMessageReceived = _ => Record("received"),
            OnTokenValidated = _ => Record("validated"),
        });
        var token = issuer.CreateToken();

        await api.GetStatusAsync(token);
        await api.GetStatusAsync(token);

        Assert.Equal(["received", "validated", "received", "validated"], fired);

        Task Record(string name)
        {
            fired.Add(name);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_remembered_token_stops_when_it_expires()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.ClockSkew = TimeSpan.Zero);
        var token = issuer.CreateToken(fake => fake.WithLifetime(TimeSpan.FromSeconds(90)));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        _clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token has expired\"", await api.GetChallengeAsync(token));
    }

    [Fact]
    public async Task A_remembered_token_stops_when_a_refresh_finds_its_key_withdrawn()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        var old = issuer.CurrentKey;
        issuer.RotateKey();
        issuer.Withdraw(old);
        var result = Assert.Single(await api.Manager.RefreshAsync());

        Assert.Equal([old.KeyId], result.RemovedKeyIds);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
    }

    [SkippableFact]
    public async Task A_remembered_token_survives_a_refresh_that_keeps_its_key()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        await api.GetStatusAsync(token);

        issuer.RotateKey();
        await api.Manager.RefreshAsync();

        Assert.NotNull(CacheOf(api)!.Find(HashOf(token)));
    }

    [Fact]
    public async Task A_remembered_token_stops_when_its_keys_are_too_old()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.MaximumAge = TimeSpan.FromMinutes(2));
        var token = issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        issuer.Respond(FakeResponse.Status(500));
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_remembered_token_stops_when_options_change()
    {
        await using var issuer = await StartIssuerAsync();
        var settings = new TestApiSettings();
        settings.Configuration["Authentication:Schemes:Bearer:ValidAudience"] = "api";
        await using var api = await TestApi.StartAsync(services => AddScheme(services, issuer), settings);
        var token = issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();
        configuration["Authentication:Schemes:Bearer:ValidAudience"] = "another";
        configuration.Reload();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_remembered_token_is_handed_to_code_that_asks_for_it()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services => AddScheme(services, issuer),
            new TestApiSettings { Map = application => application.MapGet("/token", async (HttpContext context, CancellationToken _) => await context.GetTokenAsync("access_token")).RequireAuthorization() });
        var token = issuer.CreateToken();

        for (var count = 0; count < 3; count++)
            Assert.Equal(token, await (await api.SendAsync(token, "/token")).Content.ReadAsStringAsync());
    }

    [SkippableFact]
    public async Task A_token_is_forgotten_after_the_duration_and_verified_again()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        await api.GetStatusAsync(token);

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.NotNull(CacheOf(api)!.Find(HashOf(token)));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(CacheOf(api)!.Find(HashOf(token)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(10, 0)]
    public async Task The_cache_is_off_by_option(int capacity, int minutes)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options =>
        {
            options.TokenCacheCapacity = capacity;
            options.TokenCacheDuration = TimeSpan.FromMinutes(minutes);
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Null(CacheOf(api));
    }

    [Fact]
    public async Task A_validator_of_the_application_sees_every_token()
    {
        var seen = 0;
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.TokenValidationParameters.AudienceValidator = (_, _, _) => ++seen > 0);
        var token = issuer.CreateToken();

        await api.GetStatusAsync(token);
        await api.GetStatusAsync(token);

        Assert.Equal(2, seen);
    }

    [SkippableFact]
    public async Task The_cache_stays_within_its_capacity()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.TokenCacheCapacity = 50);

        for (var count = 0; count < 200; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        Assert.InRange(CacheOf(api)!.Count, 1, 50);
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

    private static ValidatedTokenCache? CacheOf(TestApi api) => api.Services.GetRequiredService<BearerPlans>().Of("Bearer").Cache;

    private static TokenHash HashOf(string token) => TokenHash.TryCompute(token, out var hash) ? hash : throw new ArgumentException(token);

    private Task<FakeJwksServer> StartIssuerAsync() =>
        FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = _clock, Algorithm = "ES256" });

    private sealed class AddsAClaim : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("added", "1"));
            return Task.FromResult(principal);
        }
    }
}
