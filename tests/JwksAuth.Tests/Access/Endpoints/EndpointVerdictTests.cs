using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Endpoints;

/// <summary>A refusal reflects the evaluation of the endpoint, not other calls of the authorization service.</summary>
public sealed class EndpointVerdictTests : IAsyncLifetime
{
    private const string Forbidden = "403 Bearer error=\"insufficient_scope\"";

    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await AccessApi.StartIssuerAsync();

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Theory]
    [InlineData("fresh")]
    [InlineData("gold")]
    [InlineData("audit")]
    [InlineData("any")]
    public async Task An_authorization_call_of_the_endpoint_does_not_affect_its_later_refusal(string policy)
    {
        await using var api = await StartAsync(application => application.MapGet("/payment", async (HttpContext context, IAuthorizationService authorization) =>
        {
            Assert.False((await authorization.AuthorizeAsync(context.User, context, policy)).Succeeded);
            return Results.Forbid();
        }).RequireAuthorization());

        Assert.Equal(Forbidden, await api.AskAsync("/payment", _issuer.CreateToken()));
    }

    [Fact]
    public async Task An_authorization_call_of_the_endpoint_does_not_affect_its_later_challenge()
    {
        await using var api = await StartAsync(application => application.MapGet("/payment", async (HttpContext context, IAuthorizationService authorization) =>
        {
            await authorization.AuthorizeAsync(context.User, context, "audit");
            return Results.Challenge();
        }).RequireTokenScope("pay"));

        Assert.Equal("401 Bearer scope=\"pay\"", await api.AskAsync("/payment", _issuer.CreateToken(token => token.WithScope("pay"))));
    }

    [Fact]
    public async Task An_authorization_call_before_the_evaluation_does_not_affect_it()
    {
        await using var api = await StartAsync(
            application => application.MapGet("/payment", () => "").RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(new Curious())));

        Assert.Equal(Forbidden, await api.AskAsync("/payment", _issuer.CreateToken()));
    }

    [Fact]
    public async Task The_filter_of_MVC_names_scopes_as_the_middleware_does()
    {
        await using var api = await StartAsync(application => application.MapControllers(), services => services.Configure<MvcOptions>(
            options => options.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder("Bearer").RequireTokenScope("filtered").Build()))));

        Assert.Equal("401 Bearer scope=\"filtered\"", await api.AskAsync("/filtered"));
        Assert.Equal($"{Forbidden}, scope=\"filtered\"", await api.AskAsync("/filtered", _issuer.CreateToken()));
        Assert.Equal("200", await api.AskAsync("/filtered", _issuer.CreateToken(token => token.WithScope("filtered"))));
    }

    [Fact]
    public async Task The_filter_of_MVC_requires_step_up_as_the_middleware_does()
    {
        await using var api = await StartAsync(application => application.MapControllers(), services => services.Configure<MvcOptions>(
            options => options.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder("Bearer").RequireAcr("gold").Build()))));

        Assert.Equal(
            "401 Bearer error=\"insufficient_user_authentication\", error_description=\"The user must authenticate again, or in another way\", acr_values=\"gold\"",
            await api.AskAsync("/filtered", _issuer.CreateToken()));
    }

    [Fact]
    public async Task The_verdict_on_one_endpoint_does_not_apply_to_a_re_executed_request()
    {
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer();
                services.TrustFakeJwksServer(_issuer);
            },
            new TestApiSettings
            {
                Map = application =>
                {
                    application.UseStatusCodePagesWithReExecute("/again");
                    application.MapGet("/scoped", () => Results.StatusCode(418)).RequireTokenScope("pay");
                    application.MapGet("/again", () => Results.Challenge());
                },
            });

        Assert.Equal("401 Bearer", await api.AskAsync("/scoped", _issuer.CreateToken(token => token.WithScope("pay"))));
    }

    [Fact]
    public async Task An_application_that_answers_denied_requests_itself_gets_the_scopes_as_well()
    {
        await using var api = await StartAsync(
            application => application.MapGet("/scoped", () => "").RequireTokenScope("pay"),
            services => services.AddSingleton<IAuthorizationMiddlewareResultHandler, OwnAnswers>());

        Assert.Equal($"{Forbidden}, scope=\"pay\"", await api.AskAsync("/scoped", _issuer.CreateToken()));
        Assert.Equal("401 Bearer scope=\"pay\"", await api.AskAsync("/scoped"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_application_that_evaluates_policies_itself_gets_the_same_answers(bool isAddedFirst)
    {
        await using var api = await TestApi.StartAsync(
            services =>
            {
                if (isAddedFirst)
                    services.AddTransient<IPolicyEvaluator, OwnEvaluator>();
                services.AddAuthentication().AddJwksBearer();
                services.TrustFakeJwksServer(_issuer);
                if (!isAddedFirst)
                    services.AddTransient<IPolicyEvaluator, OwnEvaluator>();
            },
            new TestApiSettings
            {
                Map = application =>
                {
                    application.MapGet("/scoped", () => "").RequireTokenScope("pay");
                    application.MapGet("/acr", () => "").RequireAcr("gold");
                },
            });

        Assert.Equal("401 Bearer scope=\"pay\"", await api.AskAsync("/scoped"));
        Assert.Equal($"{Forbidden}, scope=\"pay\"", await api.AskAsync("/scoped", _issuer.CreateToken()));
        Assert.Equal("200", await api.AskAsync("/scoped", _issuer.CreateToken(token => token.WithScope("pay"))));
        Assert.Equal(
            "401 Bearer error=\"insufficient_user_authentication\", error_description=\"The user must authenticate again, or in another way\", acr_values=\"gold\"",
            await api.AskAsync("/acr", _issuer.CreateToken()));
    }

    private static void AddControllers(IServiceCollection services) =>
        services.AddControllers().AddApplicationPart(typeof(FilteredController).Assembly).ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyThis()));

    private Task<TestApi> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? configure = null) => AccessApi.StartAsync(_issuer, map, services =>
    {
        AddControllers(services);
        services.AddSingleton<IAuthorizationHandler, CuriousHandler>();
        services.AddAuthorizationBuilder()
            .AddPolicy("fresh", policy => policy.RequireRecentAuthentication(TimeSpan.FromMinutes(5)))
            .AddPolicy("gold", policy => policy.RequireAcr("gold"))
            .AddPolicy("audit", policy => policy.RequireTokenScope("audit"))
            .AddPolicy("any", policy => policy.RequireAnyTokenScope("audit", "other"));
        configure?.Invoke(services);
    });

    private sealed class Curious : IAuthorizationRequirement;

    /// <summary>Evaluates another policy during the evaluation of the endpoint, and fails.</summary>
    private sealed class CuriousHandler(IServiceProvider services) : AuthorizationHandler<Curious>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Curious requirement) =>
            Assert.False((await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, context.Resource, "audit")).Succeeded);
    }

    private sealed class OwnEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization);

    private sealed class OwnAnswers : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _usual = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
            _usual.HandleAsync(next, context, policy, authorizeResult);
    }

    private sealed class OnlyThis : Microsoft.AspNetCore.Mvc.Controllers.ControllerFeatureProvider
    {
        protected override bool IsController(System.Reflection.TypeInfo typeInfo) => typeInfo == typeof(FilteredController);
    }
}

public sealed class FilteredController : ControllerBase
{
    [HttpGet("filtered")]
    public string Get() => Request.Method;
}
