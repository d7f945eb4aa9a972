using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Responses;

/// <summary>The answers of several schemes to one request are combined, regardless of their order.</summary>
public sealed class SeveralSchemesTests : IAsyncLifetime
{
    private const string Bearer = "bearer", Introspection = "introspection", Cookie = "cookie";

    private static readonly string[] Kinds = [Bearer, Introspection, Cookie];

    private readonly FakeClock _clock = new();
    private FakeJwksServer _first = null!;
    private FakeJwksServer _second = null!;

    /// <summary>All ordered pairs of schemes, and which of them accepts the token that is sent.</summary>
    public static TheoryData<string, string, bool> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, bool>();
            foreach (var first in Kinds)
            {
                foreach (var second in Kinds)
                {
                    if (first != Cookie)
                        pairs.Add(first, second, true);
                    if (second != Cookie)
                        pairs.Add(first, second, false);
                }
            }

            return pairs;
        }
    }

    public async Task InitializeAsync()
    {
        _first = await TestIssuer.StartAsync(_clock);
        _second = await TestIssuer.StartAsync(_clock);
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_token_that_one_scheme_cannot_judge_gets_503_in_any_order(string first, string second, bool isOfFirst)
    {
        var server = isOfFirst ? _first : _second;
        server.Respond(FakeResponse.Status(500));
        server.Introspection.Endpoint.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync(first, second);

        using var response = await api.SendAsync(TokenOf(server, isOfFirst ? first : second), "/both");

        Assert.Equal(503, (int)response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Null(response.Headers.Location);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_token_that_is_refused_gets_401_in_any_order(string first, string second, bool isOfFirst)
    {
        await using var api = await StartAsync(first, second);

        using var response = await api.SendAsync(RefusedTokenOf(isOfFirst ? _first : _second, isOfFirst ? first : second), "/both");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Null(response.Headers.Location);
        Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.ToString().Contains("invalid_token", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_good_token_that_lacks_a_scope_gets_403_in_any_order(string first, string second, bool isOfFirst)
    {
        await using var api = await StartAsync(first, second);

        using var response = await api.SendAsync(TokenOf(isOfFirst ? _first : _second, isOfFirst ? first : second), "/scoped");

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_challenge_names_only_the_scopes_that_a_scheme_requires_in_any_order(bool isFirst)
    {
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(isFirst ? "second" : "first")
                    .AddJwksIntrospection(isFirst ? "first" : "second", options => options.RequiredScopes.Add("pay"));
                services.TrustFakeJwksServer(_first, isFirst ? "second" : "first").TrustFakeIntrospection(_first, isFirst ? "first" : "second");
            },
            new TestApiSettings { Map = Map });

        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"pay\"", await api.GetChallengeAsync(_first.Introspection.CreateToken(), "/both"));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_valid_token_passes_regardless_of_the_other_scheme(string first, string second, bool isOfFirst)
    {
        var other = isOfFirst ? _second : _first;
        other.Respond(FakeResponse.Status(500));
        other.Introspection.Endpoint.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync(first, second);

        using var response = await api.SendAsync(TokenOf(isOfFirst ? _first : _second, isOfFirst ? first : second), "/both");

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(Bearer, Bearer)]
    [InlineData(Bearer, Introspection)]
    [InlineData(Introspection, Bearer)]
    [InlineData(Introspection, Introspection)]
    public async Task Without_a_token_the_challenge_requires_one_even_beside_a_misconfigured_scheme(string first, string second)
    {
        await using var unconfiguredFirst = await StartAsync(first, second, configured: [false, true]);
        await using var unconfiguredSecond = await StartAsync(first, second, configured: [true, false]);
        await using var unconfigured = await StartAsync(first, second, configured: [false, false]);

        foreach (var api in new[] { unconfiguredFirst, unconfiguredSecond })
        {
            using var response = await api.SendAsync(null, "/both");
            Assert.Equal(401, (int)response.StatusCode);
            Assert.Null(response.Headers.RetryAfter);
        }

        using var neither = await unconfigured.SendAsync(null, "/both");
        Assert.Equal(503, (int)neither.StatusCode);
        Assert.NotNull(neither.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(Bearer)]
    [InlineData(Introspection)]
    public async Task Without_a_token_a_login_redirect_depends_on_the_order_of_the_schemes(string kind)
    {
        await using var tokenFirst = await StartAsync(kind, Cookie);
        await using var cookieFirst = await StartAsync(Cookie, kind);
        await using var unconfigured = await StartAsync(Cookie, kind, configured: [true, false]);

        Assert.Equal(302, (int)await tokenFirst.GetStatusAsync(null, "/both"));
        using var asked = await cookieFirst.SendAsync(null, "/both");
        Assert.Equal((401, null), ((int)asked.StatusCode, asked.Headers.Location));
        Assert.Equal(302, (int)await unconfigured.GetStatusAsync(null, "/both"));
    }

    [Fact]
    public async Task An_answer_that_an_event_changed_is_kept()
    {
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddCookie("second").AddJwksBearer("first", options => options.Events = new()
                {
                    OnForbidden = context =>
                    {
                        context.Response.StatusCode = StatusCodes.Status404NotFound;
                        return Task.CompletedTask;
                    },
                });
                services.TrustFakeJwksServer(_first, "first");
            },
            new TestApiSettings { Map = Map });

        Assert.Equal(404, (int)await api.GetStatusAsync(_first.CreateToken(), "/scoped"));
    }

    private static void Map(WebApplication application)
    {
        application.MapGet("/both", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("first", "second").RequireAuthenticatedUser());
        application.MapGet("/scoped", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("first", "second").RequireTokenScope("pay"));
    }

    private static string TokenOf(FakeJwksServer server, string kind) => kind == Bearer ? server.CreateToken() : server.Introspection.CreateToken();

    private static string RefusedTokenOf(FakeJwksServer server, string kind) =>
        kind == Bearer ? server.CreateToken(token => token.Expired()) : server.Introspection.CreateToken(answer => answer["active"] = false);

    private Task<TestApi> StartAsync(string first, string second, bool[]? configured = null) => TestApi.StartAsync(
        services =>
        {
            Add(services, "first", first, configured?[0] == false ? null : _first);
            Add(services, "second", second, configured?[1] == false ? null : _second);
        },
        new TestApiSettings { Map = Map });

    private static void Add(IServiceCollection services, string scheme, string kind, FakeJwksServer? server)
    {
        if (kind == Bearer)
        {
            services.AddAuthentication().AddJwksBearer(scheme);
            if (server is not null)
                services.TrustFakeJwksServer(server, scheme);
        }
        else if (kind == Introspection)
        {
            services.AddAuthentication().AddJwksIntrospection(scheme);
            if (server is not null)
                services.TrustFakeIntrospection(server, scheme);
        }
        else
        {
            services.AddAuthentication().AddCookie(scheme);
        }
    }
}
