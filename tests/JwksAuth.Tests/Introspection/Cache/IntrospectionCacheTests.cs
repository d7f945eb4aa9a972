using System.Net;
using JwksAuth.Introspection.Answers;
using JwksAuth.Introspection.Cache;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Introspection.Cache;

public class IntrospectionCacheTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task An_active_response_is_cached_for_30_seconds()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        server.Introspection.Revoke(token);

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(1, server.Introspection.Endpoint.RequestCount);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task An_active_response_is_not_cached_beyond_its_expiry()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken(answer => answer["exp"] = _clock.GetUtcNow().AddSeconds(5).ToUnixTimeSeconds());
        await api.GetStatusAsync(token);

        _clock.Advance(TimeSpan.FromSeconds(5));
        await api.GetStatusAsync(token);

        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task A_token_that_expired_in_the_cache_is_cached_as_refused()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken(answer => answer["exp"] = _clock.GetUtcNow().AddSeconds(5).ToUnixTimeSeconds());
        await api.GetStatusAsync(token);

        _clock.Advance(TimeSpan.FromSeconds(5));
        server.Introspection.Revoke(token);

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task Nothing_is_cached_if_the_duration_is_zero()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.CacheDuration = TimeSpan.Zero);
        var token = server.Introspection.CreateToken();

        await api.GetStatusAsync(token);
        await api.GetStatusAsync(token);

        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task The_wall_clock_affects_no_duration()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken(answer => answer.Remove("exp"));
        await api.GetStatusAsync(token);

        _clock.ShiftWallClock(TimeSpan.FromDays(1));
        await api.GetStatusAsync(token);
        Assert.Equal(1, server.Introspection.Endpoint.RequestCount);

        _clock.ShiftWallClock(TimeSpan.FromDays(-2));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await api.GetStatusAsync(token);
        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task An_inactive_response_is_cached_only_briefly()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        await api.GetStatusAsync("never-issued");
        await api.GetStatusAsync("never-issued");
        Assert.Equal(1, server.Introspection.Endpoint.RequestCount);

        _clock.Advance(VerdictCache.RefusedDuration);
        await api.GetStatusAsync("never-issued");
        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task An_outage_is_not_cached()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken();
        server.Introspection.Endpoint.RespondOnce(FakeResponse.Status(503));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_hundred_concurrent_requests_with_one_token_cause_one_introspection()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken();
        Task<HttpStatusCode>[] requests;
        using (server.Introspection.Endpoint.HoldResponses())
        {
            requests = [.. Enumerable.Range(0, 100).Select(_ => api.GetStatusAsync(token))];
            await server.Introspection.Endpoint.WaitForRequestsAsync(1);
        }

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task A_caller_that_cancels_does_not_cancel_the_introspection_for_others()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken();
        using var impatient = new CancellationTokenSource();
        Task<HttpStatusCode> patient;
        using (server.Introspection.Endpoint.HoldResponses())
        {
            var gone = api.SendAsync(token, cancellationToken: impatient.Token);
            await server.Introspection.Endpoint.WaitForRequestsAsync(1);
            patient = api.GetStatusAsync(token);
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        }

        Assert.Equal(HttpStatusCode.OK, await patient);
        Assert.Equal(1, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task Concurrent_introspection_requests_are_limited()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.MaximumConcurrentRequests = 3);
        await api.GetStatusAsync("first");
        Task<HttpStatusCode>[] requests;
        using (server.Introspection.Endpoint.HoldResponses())
        {
            requests = [.. Enumerable.Range(0, 20).Select(_ => api.GetStatusAsync(server.Introspection.CreateToken()))];
            await server.Introspection.Endpoint.WaitForRequestsAsync(4);
            Assert.Equal(4, server.Introspection.Endpoint.RequestCount);
        }

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Two_schemes_of_an_application_have_separate_caches()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme)
                    .AddJwksIntrospection()
                    .AddJwksIntrospection("Strict", options => options.RequiredScopes = ["admin"]);
                services.TrustFakeIntrospection(server);
                services.TrustFakeIntrospection(server, "Strict");
            },
            new TestApiSettings { Map = application => application.MapGet("/strict", () => "ok").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Strict").RequireAuthenticatedUser()) });
        var token = server.Introspection.CreateToken();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.Forbidden, await api.GetStatusAsync(token, "/strict"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task Changed_options_apply_to_the_next_request_and_empty_the_cache()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var token = server.Introspection.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();

        configuration["Authentication:Schemes:Introspection:RequiredScopes"] = "admin";
        configuration.Reload();
        Assert.Equal(HttpStatusCode.Forbidden, await api.GetStatusAsync(token));
        Assert.Equal(2, server.Introspection.Endpoint.RequestCount);

        configuration["Authentication:Schemes:Introspection:CacheDuration"] = "soon";
        configuration.Reload();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(token));
    }

    [Fact]
    public void Only_a_few_of_many_refused_tokens_are_cached()
    {
        var cache = new VerdictCache(10, TimeSpan.FromSeconds(30), _clock);

        for (var count = 0; count < 100_000; count++)
        {
            TokenHash.TryCompute($"token-{count}", out var hash);
            cache.Add(hash, IntrospectionFailure.Inactive);
        }

        Assert.InRange(cache.Count, 1, VerdictCache.RefusedCapacity);
    }
}
