using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Responses;

/// <summary>A response that has started is not changed.</summary>
public sealed class StartedResponseTests : IAsyncLifetime
{
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await TestIssuer.StartAsync(new FakeClock());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("Bearer", true)]
    [InlineData("Bearer", false)]
    [InlineData("Introspection", true)]
    [InlineData("Introspection", false)]
    public async Task An_endpoint_that_has_answered_may_refuse_without_breaking_the_answer(string scheme, bool challenges)
    {
        var forbidden = 0;
        await using var api = await StartAsync(
            application => application.MapGet("/written", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("first, ");
                await context.Response.Body.FlushAsync();
                await (challenges ? context.ChallengeAsync(scheme) : context.ForbidAsync(scheme));
                await context.Response.WriteAsync("second");
            }),
            _ =>
            {
                forbidden++;
                return Task.CompletedTask;
            });

        using var response = await api.SendAsync(_server.CreateToken(), "/written");

        Assert.Equal((200, "first, second"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(scheme == "Bearer" && !challenges ? 1 : 0, forbidden);
    }

    [Fact]
    public async Task A_challenge_of_a_scheme_without_keys_does_not_break_an_answer_either()
    {
        _server.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync(application => application.MapGet("/written", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("first, ");
            await context.Response.Body.FlushAsync();
            await context.ChallengeAsync("Bearer");
            await context.Response.WriteAsync("second");
        }));

        using var response = await api.SendAsync(_server.CreateToken(), "/written");

        Assert.Equal((200, "first, second"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("Bearer", "Other")]
    [InlineData("Bearer", "Introspection")]
    [InlineData("Bearer", "Bearer")]
    public async Task An_event_may_write_the_body_of_the_403_and_other_schemes_follow(string first, string second)
    {
        await using var api = await StartAsync(
            application => application.MapGet("/denied", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes(first, second).RequireClaim("none")),
            context => context.Response.WriteAsync("denied"));

        using var response = await api.SendAsync(_server.CreateToken(), "/denied");

        Assert.Equal((403, "denied"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private Task<TestApi> StartAsync(Action<WebApplication> map, Func<ForbiddenContext, Task>? onForbidden = null) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication()
                .AddJwksBearer(options => options.Events = new JwtBearerEvents { OnForbidden = onForbidden ?? (_ => Task.CompletedTask) })
                .AddJwksBearer("Other")
                .AddJwksIntrospection();
            services.TrustFakeJwksServer(_server).TrustFakeJwksServer(_server, "Other").TrustFakeIntrospection(_server);
        },
        new TestApiSettings { Map = map });
}
