using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection;

/// <summary>Requests with opaque tokens, from the header to the response.</summary>
public class IntrospectionTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_token_that_the_server_reports_as_active_passes()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        using var response = await api.SendAsync(server.Introspection.CreateToken(answer => answer["sub"] = "alice"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("alice", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_know_is_refused()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token is not active\"", await api.GetChallengeAsync("never-issued"));
    }

    [Fact]
    public async Task A_request_without_a_token_gets_a_bare_challenge_and_causes_no_introspection()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Equal("401 Bearer", await api.GetChallengeAsync(null));
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("a b")]
    [InlineData("töken")]
    [InlineData("a\"b")]
    [InlineData("====")]
    public async Task Text_that_cannot_be_a_token_is_rejected_without_a_request(string token)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task A_token_that_is_too_long_is_refused_without_an_introspection()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);

        Assert.Contains("too long", await api.GetChallengeAsync(new string('a', (16 * 1024) + 1)), StringComparison.Ordinal);
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task An_event_may_read_the_token_from_elsewhere_and_refuse_the_caller()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options =>
        {
            options.SaveToken = true;
            options.Events = new JwksIntrospectionEvents
            {
                OnMessageReceived = context => Task.FromResult(context.Token = context.Request.Query["access_token"]),
                OnTokenValidated = context =>
                {
                    if (context.Answer.GetProperty("sub").GetString() == "unknown")
                        context.Fail("no such user");
                    return Task.CompletedTask;
                },
            };
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, "/?access_token=" + server.Introspection.CreateToken()));
        var unknown = server.Introspection.CreateToken(answer => answer["sub"] = "unknown");
        Assert.Equal("401 Bearer error=\"invalid_token\"", await api.GetChallengeAsync(null, "/?access_token=" + unknown));
    }
}
