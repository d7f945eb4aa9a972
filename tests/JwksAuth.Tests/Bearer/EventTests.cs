using System.Net;
using System.Security.Claims;
using JwksAuth.Testing;
using JwksAuth.Tests.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer;

/// <summary>What applications written for AddJwtBearer rely on: events, delegates and switches.</summary>
public sealed class EventTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    [Fact]
    public async Task A_token_may_come_from_the_query()
    {
        await using var api = await StartAsync(events => events.OnMessageReceived = context =>
        {
            context.Token = context.Request.Query["access_token"];
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, $"/?access_token={_issuer.CreateToken()}"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(null));
    }

    [Fact]
    public async Task A_validated_token_may_get_claims_and_may_be_refused()
    {
        await using var api = await StartAsync(events => events.OnTokenValidated = context =>
        {
            var identity = (ClaimsIdentity)context.Principal!.Identity!;
            if (identity.HasClaim("client_id", "banned"))
                context.Fail("banned");
            identity.RemoveClaim(identity.FindFirst("sub"));
            identity.AddClaim(new Claim("sub", $"renamed-by-{context.SecurityToken.Issuer}"));
            return Task.CompletedTask;
        });

        using var response = await api.SendAsync(_issuer.CreateToken());
        Assert.Equal($"renamed-by-{_issuer.Issuer}", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithClaim("client_id", "banned"))));
    }

    public static TheoryData<Type, Action<FakeToken>> Failures => new()
    {
        { typeof(SecurityTokenExpiredException), token => token.Expired() },
        { typeof(SecurityTokenNotYetValidException), token => token.WithNotBefore(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero)) },
        { typeof(SecurityTokenNoExpirationException), token => token.WithoutClaim("exp") },
        { typeof(SecurityTokenInvalidAudienceException), token => token.WithAudience("other") },
        { typeof(SecurityTokenInvalidIssuerException), token => token.WithIssuer("https://other.test") },
        { typeof(SecurityTokenInvalidTypeException), token => token.WithType("other") },
        { typeof(SecurityTokenInvalidAlgorithmException), token => token.SignedWithPublicKey() },
        { typeof(SecurityTokenInvalidSignatureException), token => token.WithWrongSignature() },
        { typeof(SecurityTokenSignatureKeyNotFoundException), token => token.WithUnknownKeyId() },
        { typeof(SecurityTokenMalformedException), token => token.WithRawPayload("[]") },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_is_reported_as_the_same_exception_as_with_stock(Type expected, Action<FakeToken> spoil)
    {
        Exception? seen = null;
        await using var api = await StartAsync(events => events.OnAuthenticationFailed = context =>
        {
            seen = context.Exception;
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(spoil)));
        Assert.IsType(expected, seen);
    }

    [Fact]
    public async Task An_event_may_override_a_failed_authentication()
    {
        await using var api = await StartAsync(events => events.OnAuthenticationFailed = context =>
        {
            context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "guest")], "guest"));
            context.Success();
            return Task.CompletedTask;
        });

        using var response = await api.SendAsync(_issuer.CreateToken(token => token.Expired()));

        Assert.Equal("guest", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_challenge_may_be_handled_and_may_be_changed()
    {
        await using var handled = await StartAsync(events => events.OnChallenge = context =>
        {
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            return Task.CompletedTask;
        });
        await using var changed = await StartAsync(events => events.OnChallenge = context =>
        {
            (context.Error, context.ErrorDescription, context.ErrorUri) = ("own_error", "said \"so\"\r\nX: y", "https://errors.test");
            return Task.CompletedTask;
        });

        Assert.Equal(418, (int)await handled.GetStatusAsync(null));
        Assert.Equal("401 Bearer error=\"own_error\", error_description=\"said ?so???X: y\", error_uri=\"https://errors.test\"", await changed.GetChallengeAsync(null));
    }

    [Fact]
    public async Task A_refused_permission_is_reported()
    {
        var forbidden = 0;
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(options => options.Events = new JwtBearerEvents { OnForbidden = _ => Task.FromResult(forbidden++) });
                services.TrustFakeJwksServer(_issuer);
            },
            new TestApiSettings { Map = application => application.MapGet("/admin", () => "in").RequireAuthorization(policy => policy.RequireClaim("role", "admin")) });

        Assert.Equal("403 Bearer error=\"insufficient_scope\"", await api.GetChallengeAsync(_issuer.CreateToken(), "/admin"));
        Assert.Equal(1, forbidden);
    }

    [Fact]
    public async Task The_container_creates_the_events_type()
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddScoped<QueryTokenEvents>().AddSingleton(new QueryName("token"));
            services.AddAuthentication().AddJwksBearer(options => options.EventsType = typeof(QueryTokenEvents));
            services.TrustFakeJwksServer(_issuer);
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, $"/?token={_issuer.CreateToken()}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_token_is_saved_and_claims_are_renamed_as_configured(bool isOn)
    {
        await using var api = await TestApi.StartAsync(
            _issuer,
            options => (options.SaveToken, options.MapInboundClaims) = (isOn, isOn),
            new TestApiSettings
            {
                Map = application => application.MapGet("/me", async (HttpContext context) =>
                    $"{await context.GetTokenAsync("access_token")} {context.User.FindFirst("sub")?.Value} {context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value}").RequireAuthorization(),
            });
        var token = _issuer.CreateToken();

        using var response = await api.SendAsync(token, "/me");

        Assert.Equal(isOn ? $"{token}  user-1" : " user-1 ", await response.Content.ReadAsStringAsync());
    }

    public static TheoryData<string, Action<TokenValidationParameters, Action>> Validators => new()
    {
        { "algorithm", (parameters, called) => parameters.AlgorithmValidator = (_, _, _, _) => Refuse(called) },
        { "audience", (parameters, called) => parameters.AudienceValidator = (_, _, _) => Refuse(called) },
        { "issuer", (parameters, called) => parameters.IssuerValidator = (_, _, _) => Refuse(called) ? "" : throw new SecurityTokenInvalidIssuerException() },
        { "key", (parameters, called) => parameters.IssuerSigningKeyValidator = (_, _, _) => Refuse(called) },
        { "lifetime", (parameters, called) => parameters.LifetimeValidator = (_, _, _, _) => Refuse(called) },
        { "type", (parameters, called) => parameters.TypeValidator = (_, _, _) => Refuse(called) ? "" : throw new SecurityTokenInvalidTypeException() },
        { "replay", (parameters, called) => (parameters.ValidateTokenReplay, parameters.TokenReplayValidator) = (true, (_, _, _) => Refuse(called)) },
    };

    [Theory]
    [MemberData(nameof(Validators))]
    public async Task A_validator_of_the_application_is_called_and_may_refuse(string validator, Action<TokenValidationParameters, Action> set)
    {
        var calls = 0;
        await using var api = await TestApi.StartAsync(_issuer, options => set(options.TokenValidationParameters, () => calls++));

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token was refused\"", await api.GetChallengeAsync(_issuer.CreateToken()));
        Assert.True(calls == 1, validator);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithWrongSignature())));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Keys_are_fetched_with_the_HTTP_client_of_the_application()
    {
        using var client = _issuer.CreateClient();
        await using var api = await TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
        {
            (options.Authority, options.Audience, options.TimeProvider, options.Backchannel) = (_issuer.Issuer, _issuer.Audience, _clock, client);
        }));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    private static bool Refuse(Action called)
    {
        called();
        return false;
    }

    private Task<TestApi> StartAsync(Action<JwtBearerEvents> configure) => TestApi.StartAsync(_issuer, options =>
    {
        options.MapInboundClaims = false;
        options.Events = new JwtBearerEvents();
        configure(options.Events);
    });

    private sealed record QueryName(string Value);

    private sealed class QueryTokenEvents(QueryName name) : JwtBearerEvents
    {
        public override Task MessageReceived(MessageReceivedContext context)
        {
            context.Token = context.Request.Query[name.Value];
            return Task.CompletedTask;
        }
    }
}
