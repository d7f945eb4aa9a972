using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace JwksAuth.Tests.Access;

/// <summary>Faulty rules stop the host with an error that names them.</summary>
public class EndpointFaultTests
{
    private const string NoScheme = "has a rule for access tokens, but no scheme of JwksAuth was added whose tokens could satisfy it: call AddJwksBearer or AddJwksIntrospection";

    public static TheoryData<Action<IEndpointConventionBuilder>> Rules { get; } =
    [
        endpoint => endpoint.AllowAccessTokens("read"),
        endpoint => endpoint.AllowAccessTokensWithoutScope(),
        endpoint => endpoint.RequireTokenScope("read"),
        endpoint => endpoint.RequireAnyTokenScope("read"),
        endpoint => endpoint.RequireAcr("gold"),
        endpoint => endpoint.RequireRecentAuthentication(TimeSpan.FromMinutes(1)),
    ];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_rule_without_any_scheme_stops_the_host(Action<IEndpointConventionBuilder> rule)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services => services.AddAuthentication().AddJwtBearer(), rule));

        Assert.Equal($"HTTP: GET /ruled {NoScheme}.", failure.Message);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_rule_with_only_a_validator_without_a_scheme_stops_the_host(Action<IEndpointConventionBuilder> rule)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            services => services.AddJwksTokenValidator("worker", options => (options.Authority, options.Audience) = ("https://issuer.test", "api")), rule));

        Assert.Equal($"HTTP: GET /ruled {NoScheme}.", failure.Message);
    }

    [Fact]
    public async Task AllowAccessTokens_with_an_unknown_scheme_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(
            issuer, application => application.MapGet("/ruled", [AllowAccessTokens("read", Scheme = "Baerer")] () => "")));

        Assert.Equal("HTTP: GET /ruled accepts tokens of the scheme 'Baerer', which is not a scheme of JwksAuth: use one of Bearer.", failure.Message);
    }

    [Fact]
    public async Task AllowAccessTokens_with_another_policy_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(
            issuer, application => application.MapGet("/ruled", [AllowAccessTokens("read", Policy = "people")] () => "")));

        Assert.Equal("HTTP: GET /ruled sets the Policy of its AllowAccessTokens, which replaces the check of the token: move the policy to a separate Authorize attribute.", failure.Message);
    }

    [Fact]
    public async Task AllowAccessTokens_inside_an_anonymous_group_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(
            issuer, application => application.MapGroup("/public").AllowAnonymous().MapGet("/ruled", () => "").AllowAccessTokens("read")));

        Assert.Equal("HTTP: GET /public/ruled has a rule for access tokens, but an outer AllowAnonymous admits every caller: remove it from the group or controller.", failure.Message);
    }

    [Theory]
    [InlineData("scope")]
    [InlineData("any scope")]
    [InlineData("acr")]
    [InlineData("age")]
    [InlineData("named policy")]
    [InlineData("default policy")]
    [InlineData("built policy")]
    public async Task Every_token_rule_inside_an_anonymous_group_stops_the_host(string rule)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(
            issuer,
            application => Rule(application.MapGroup("/public").AllowAnonymous().MapGroup("/inner").MapGet("/ruled", () => ""), rule),
            services => AddPolicies(services, rule)));

        Assert.Equal("HTTP: GET /public/inner/ruled has a rule for access tokens, but an outer AllowAnonymous admits every caller: remove it from the group or controller.", failure.Message);
    }

    [Theory]
    [InlineData("scope")]
    [InlineData("acr")]
    [InlineData("named policy")]
    public async Task An_endpoint_itself_may_allow_anonymous_callers(string rule)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            issuer,
            application =>
            {
                var ruled = application.MapGet("/ruled", () => "");
                Rule(ruled, rule);
                ruled.AllowAnonymous();
            },
            services => AddPolicies(services, rule));

        Assert.Equal("200", await api.AskAsync("/ruled"));
    }

    [Fact]
    public async Task AllowAnonymous_may_override_a_policy_without_a_token_rule()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            issuer, application => application.MapGroup("/public").AllowAnonymous().MapGet("/", () => "").RequireAuthorization(policy => policy.RequireRole("admin")));

        Assert.Equal("200", await api.AskAsync("/public"));
    }

    [Fact]
    public async Task An_endpoint_that_is_added_after_the_start_is_checked_too()
    {
        using var log = new RecordedLog();
        var added = new AddedEndpoints();
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer();
                services.TrustFakeJwksServer(issuer);
            },
            new TestApiSettings
            {
                Logging = logging => logging.AddProvider(log),
                Map = application => ((IEndpointRouteBuilder)application).DataSources.Add(added),
            });

        added.Add("/fine", new ScopedPolicy("read").Policy);
        added.Add("/ruled", new AllowAnonymousAttribute(), new ScopedPolicy("read").Policy);
        added.Add("/other");

        var fault = Assert.Single(log.Entries, entry => entry.Id.Name == "EndpointFault");
        Assert.Equal(LogLevel.Error, fault.Level);
        Assert.Contains("/ruled has a rule for access tokens, but an outer AllowAnonymous admits every caller", fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_anonymous_endpoint_is_allowed_inside_a_closed_group()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            var group = application.MapGroup("/teams").AllowAccessTokens("read");
            group.MapGet("/", () => "");
            group.MapGet("/help", () => "").AllowAnonymous();
        });

        Assert.Equal("401 Bearer scope=\"read\"", await api.AskAsync("/teams"));
        Assert.Equal("200", await api.AskAsync("/teams/help"));
    }

    [Theory]
    [InlineData("Baerer")]
    [InlineData("Cookies")]
    public async Task Sender_constraints_for_an_unknown_scheme_stop_the_host(string scheme)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => AccessApi.StartAsync(
            issuer, _ => { }, services => services.AddAuthentication().AddCookie().AddJwksSenderConstraint(scheme, options => options.Required = true)));

        Assert.Contains($"AddJwksSenderConstraint(\"{scheme}\") is for a scheme that was not added", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_resolver_for_an_unknown_scheme_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => AccessApi.StartAsync(
            issuer, _ => { }, services => services.AddJwksUserResolver<Everybody>(options => options.Schemes.Add("Baerer"))));

        Assert.Contains("AddJwksUserResolver is for a scheme that was not added", failure.Message, StringComparison.Ordinal);
    }

    private static Task<TestApi> StartAsync(Action<IServiceCollection> configure, Action<IEndpointConventionBuilder> rule) =>
        TestApi.StartAsync(configure, new TestApiSettings { Map = application => rule(application.MapGet("/ruled", () => "")) });

    private static IEndpointConventionBuilder Rule(IEndpointConventionBuilder endpoint, string rule) => rule switch
    {
        "scope" => endpoint.RequireTokenScope("read"),
        "any scope" => endpoint.RequireAnyTokenScope("read", "write"),
        "acr" => endpoint.RequireAcr("gold"),
        "age" => endpoint.RequireRecentAuthentication(TimeSpan.FromMinutes(5)),
        "named policy" => endpoint.RequireAuthorization("readers"),
        "default policy" => endpoint.RequireAuthorization(),
        _ => endpoint.RequireAuthorization(policy => policy.RequireTokenScope("read")),
    };

    private static void AddPolicies(IServiceCollection services, string rule) => services.AddAuthorization(options =>
    {
        options.AddPolicy("readers", policy => policy.RequireTokenScope("read"));
        if (rule == "default policy")
            options.DefaultPolicy = options.GetPolicy("readers")!;
    });

    private sealed class ScopedPolicy(string scope)
    {
        public AuthorizationPolicy Policy { get; } = new AuthorizationPolicyBuilder().RequireTokenScope(scope).Build();
    }

    private sealed class AddedEndpoints : EndpointDataSource
    {
        private readonly List<Endpoint> _endpoints = [];
        private CancellationTokenSource _change = new();

        public override IReadOnlyList<Endpoint> Endpoints => [.. _endpoints];

        public override IChangeToken GetChangeToken() => new CancellationChangeToken(_change.Token);

        public void Add(string path, params object[] metadata)
        {
            var builder = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse(path), order: 0) { DisplayName = path };
            foreach (var item in metadata)
                builder.Metadata.Add(item);
            _endpoints.Add(builder.Build());
            var changed = _change;
            _change = new CancellationTokenSource();
            changed.Cancel();
        }
    }

    private sealed class Everybody : IJwksUserResolver
    {
        public ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken) => new(JwksUserResolution.Found(request.Subject));
    }
}
