using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Access;

/// <summary>Rules that do not say what they mean stop the host, by name.</summary>
public class EndpointFaultTests
{
    private const string NoScheme = "has a rule for access tokens, and there is no scheme of JwksAuth whose tokens could meet it: call AddJwksBearer or AddJwksIntrospection";

    public static TheoryData<Action<IEndpointConventionBuilder>> Rules { get; } =
    [
        endpoint => endpoint.AllowResourceServer("read"),
        endpoint => endpoint.AllowResourceServerWithoutScope(),
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
    public async Task A_rule_with_a_validator_that_is_no_scheme_stops_the_host(Action<IEndpointConventionBuilder> rule)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            services => services.AddJwksTokenValidator("worker", options => (options.Authority, options.Audience) = ("https://issuer.test", "api")), rule));

        Assert.Equal($"HTTP: GET /ruled {NoScheme}.", failure.Message);
    }

    [Fact]
    public async Task An_opening_to_an_unknown_scheme_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(
            issuer, application => application.MapGet("/ruled", [AllowResourceServer("read", Scheme = "Baerer")] () => "")));

        Assert.Equal("HTTP: GET /ruled is open to tokens of the scheme 'Baerer', which is none of JwksAuth; those are Bearer.", failure.Message);
    }

    [Fact]
    public async Task An_opening_with_another_policy_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(
            issuer, application => application.MapGet("/ruled", [AllowResourceServer("read", Policy = "people")] () => "")));

        Assert.Equal("HTTP: GET /ruled sets the Policy of its AllowResourceServer, which would decide who the caller is: put the policy into an Authorize attribute beside it.", failure.Message);
    }

    [Fact]
    public async Task An_opening_inside_a_group_that_is_open_to_everybody_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartAsync(
            issuer, application => application.MapGroup("/public").AllowAnonymous().MapGet("/ruled", () => "").AllowResourceServer("read")));

        Assert.Equal("HTTP: GET /public/ruled is opened by AllowResourceServer, and an AllowAnonymous around it lets everybody in: take that away from its group or controller.", failure.Message);
    }

    [Fact]
    public async Task An_endpoint_may_be_open_to_everybody_inside_a_group_that_is_not()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            var group = application.MapGroup("/teams").AllowResourceServer("read");
            group.MapGet("/", () => "");
            group.MapGet("/help", () => "").AllowAnonymous();
        });

        Assert.Equal("401 Bearer", await api.AskAsync("/teams"));
        Assert.Equal("200", await api.AskAsync("/teams/help"));
    }

    [Theory]
    [InlineData("Baerer")]
    [InlineData("Cookies")]
    public async Task A_demand_for_bound_tokens_at_a_scheme_that_is_not_there_stops_the_host(string scheme)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => AccessApi.StartAsync(
            issuer, _ => { }, services => services.AddAuthentication().AddCookie().AddJwksSenderConstraint(scheme, options => options.Required = true)));

        Assert.Contains($"AddJwksSenderConstraint(\"{scheme}\") is for a scheme that was not added", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_resolver_for_a_scheme_that_is_not_there_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => AccessApi.StartAsync(
            issuer, _ => { }, services => services.AddJwksUserResolver<Everybody>(options => options.Schemes.Add("Baerer"))));

        Assert.Contains("AddJwksUserResolver is for a scheme that was not added", failure.Message, StringComparison.Ordinal);
    }

    private static Task<TestApi> StartAsync(Action<IServiceCollection> configure, Action<IEndpointConventionBuilder> rule) =>
        TestApi.StartAsync(configure, new TestApiSettings { Map = application => rule(application.MapGet("/ruled", () => "")) });

    private sealed class Everybody : IJwksUserResolver
    {
        public ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken) => new(JwksUserResolution.Found(request.Subject));
    }
}
