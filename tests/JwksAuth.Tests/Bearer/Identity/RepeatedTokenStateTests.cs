using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Identity;

/// <summary>Everything public that the application gets from a token is the same on every use, and its identity equals that of stock JwtBearer.</summary>
public class RepeatedTokenStateTests
{
    private const string Section = "Authentication:Schemes:Bearer";
    private static readonly int[] Compared = [1, 2, 3, 10];

    // Types whose text differs only because it belongs to another request: the source of a ticket's properties, and the results that contain them.
    private static readonly string[] OfTheRequest = ["HttpContext", "Request", "Response", "Options", "Scheme"];

    public static TheoryData<bool, bool, bool, bool> Settings
    {
        get
        {
            var settings = new TheoryData<bool, bool, bool, bool>();
            foreach (var isCached in new[] { true, false })
            {
                foreach (var mapsClaims in new[] { true, false })
                {
                    settings.Add(isCached, mapsClaims, false, false);
                    settings.Add(isCached, mapsClaims, true, true);
                }
            }

            return settings;
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Every_use_of_a_token_gives_the_same_state(bool isCached, bool mapsClaims, bool savesToken, bool namesProvider)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var observer = new Observer();
        await using var api = await StartAsync(issuer, observer, options =>
        {
            (options.MapInboundClaims, options.SaveToken) = (mapsClaims, savesToken);
            options.TokenCacheCapacity = isCached ? options.TokenCacheCapacity : 0;
            options.ServiceProviderClaim = namesProvider ? "client_id" : null;
        });
        var token = RichToken(issuer);

        for (var use = 1; use <= Compared[^1]; use++)
            Assert.Equal(200, (int)await api.GetStatusAsync(token, "/state"));

        foreach (var use in Compared)
            Assert.Equal(observer.States[0], observer.States[use - 1]);
        Assert.Contains("SecurityToken.EncodedToken = ", observer.States[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_identity_is_the_one_that_stock_creates(bool mapsClaims)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var identities = new List<ClaimsIdentity>();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(options => options.MapInboundClaims = mapsClaims);
                services.TrustFakeJwksServer(issuer);
            },
            new TestApiSettings { Map = application => application.MapGet("/identity", (HttpContext context) => identities.Add((ClaimsIdentity)context.User.Identity!)).RequireAuthorization() });
        var token = RichToken(issuer);
        using var key = ECDsa.Create();
        key.ImportFromPem(issuer.CurrentKey.ExportPublicKeyPem());

        var stock = await new JsonWebTokenHandler { MapInboundClaims = mapsClaims }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new ECDsaSecurityKey(key) { KeyId = issuer.CurrentKey.KeyId },
            ValidIssuer = issuer.Issuer,
            ValidAudience = issuer.Audience,
            LifetimeValidator = (_, _, _, _) => true,
        });
        for (var use = 1; use <= Compared[^1]; use++)
            Assert.Equal(200, (int)await api.GetStatusAsync(token, "/identity"));

        var expected = PublicState.Of(stock.ClaimsIdentity, nameof(SecurityToken.SigningKey));
        Assert.All(Compared, use => Assert.Equal(expected, PublicState.Of(identities[use - 1], nameof(SecurityToken.SigningKey))));
        Assert.All(identities, identity => Assert.NotNull(((CaseSensitiveClaimsIdentity)identity).SecurityToken.SigningKey));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public async Task A_reload_of_options_does_not_affect_a_token_that_is_being_judged(int use, bool hasDelegate)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var observer = new Observer();
        var settings = new TestApiSettings { Map = observer.Map };
        settings.Configuration[$"{Section}:ServiceProviderClaim"] = "client_id";
        var uses = 0;
        TestApi api = null!;
        api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(options =>
                {
                    options.Events = observer.Events;
                    options.Events.OnMessageReceived = _ => hasDelegate ? Task.CompletedTask : ReloadAsync();
                    if (hasDelegate)
                        options.TokenValidationParameters.AudienceValidator = (_, _, _) => ReloadAsync().IsCompletedSuccessfully;
                });
                services.TrustFakeJwksServer(issuer);
            },
            settings);
        await using var _ = api;
        var token = RichToken(issuer);

        for (var count = 1; count <= use; count++)
            Assert.Equal(200, (int)await api.GetStatusAsync(token, "/state"));

        Assert.All(observer.States, state => Assert.Contains("service_provider", state, StringComparison.Ordinal));
        Assert.All(observer.States, state => Assert.Equal(observer.States[0], state));
        Assert.Equal(200, (int)await api.GetStatusAsync(token, "/state"));
        Assert.DoesNotContain("service_provider", observer.States[^1], StringComparison.Ordinal);

        Task ReloadAsync()
        {
            if (++uses != use)
                return Task.CompletedTask;
            var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();
            configuration[$"{Section}:ServiceProviderClaim"] = "";
            configuration.Reload();
            return Task.CompletedTask;
        }
    }

    // A claim of every kind that IdentityModel treats in its own way.
    private static string RichToken(FakeJwksServer issuer) => issuer.CreateToken(token => token
        .WithSubject("alice")
        .WithClaim("client_id", "desk")
        .WithClaim("roles", new JsonArray("reader", "writer"))
        .WithClaim("address", new JsonObject { ["city"] = "Bern" })
        .WithClaim("nothing", null)
        .WithClaim("count", 3)
        .WithClaim("share", 0.5)
        .WithClaim("active", true)
        .WithClaim("since", "2024-01-01T00:00:00.0000000Z")
        .WithClaim("act", new JsonObject { ["sub"] = "desk" })
        .WithClaim("actort", issuer.CreateToken(actor => actor.WithSubject("bob"))));

    private static Task<TestApi> StartAsync(FakeJwksServer issuer, Observer observer, Action<JwksBearerOptions> configure) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer(options =>
            {
                options.Events = observer.Events;
                configure(options);
            });
            services.TrustFakeJwksServer(issuer);
        },
        new TestApiSettings { Map = observer.Map });

    /// <summary>Captures a request at each point at which an application sees the token's data.</summary>
    private sealed class Observer
    {
        private string _event = "";

        public List<string> States { get; } = [];

        public JwtBearerEvents Events => new()
        {
            OnTokenValidated = context =>
            {
                _event = PublicState.Of(context, OfTheRequest);
                return Task.CompletedTask;
            },
        };

        public void Map(WebApplication application) => application.MapGet("/state", async (HttpContext context) =>
        {
            var result = await context.AuthenticateAsync();
            States.Add(string.Join("\n\n", _event, PublicState.Of(result, OfTheRequest), PublicState.Of(context.User), PublicState.Of(context.User.Clone())));
        }).RequireAuthorization();
    }
}
