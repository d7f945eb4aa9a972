using System.Net;
using JwksAuth.Keys.Registry;
using JwksAuth.Testing;
using JwksAuth.Tests.Introspection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Diagnostics;

/// <summary>At the log levels of the templates, an outage writes a line when it begins, reminders, and a line when it ends; nothing else.</summary>
public sealed class OutageLogTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly WholeLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Ten_minutes_without_the_issuer_write_a_handful_of_lines_and_no_stack_trace()
    {
        // Over real sockets, with the default clients of an application.
        await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { TimeProvider = _clock, Algorithm = "ES256" });
        await using var api = await TestApi.StartAsync(issuer, null, _log.Settings());
        var token = issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        var before = Ours().Count;
        Assert.Equal(1, before);

        await issuer.StopAsync();
        await api.Manager.RefreshAsync(); // the schedule would find out some minutes later
        for (var passed = 0; passed < 600; passed += 10)
            await PassAsync(api, token);
        await issuer.RestartAsync();
        for (var passed = 0; passed < 60; passed += 10)
            await PassAsync(api, token);

        var lines = Ours().Skip(before).ToList();
        Assert.True(lines.Count is 3 or 4, string.Join(Environment.NewLine, lines));
        Assert.Contains("ConnectionRefused", lines[0].Text, StringComparison.Ordinal);
        Assert.Contains("consecutive failures: 1.", lines[0].Text, StringComparison.Ordinal);
        Assert.Contains("answers again, after", lines[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains("   at ", StringComparison.Ordinal) || entry.Category.StartsWith("System.Net.Http", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_that_expire_during_the_outage_are_logged()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await TestApi.StartAsync(issuer, options => options.MaximumAge = TimeSpan.FromMinutes(2), _log.Settings());
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        issuer.Respond(FakeResponse.Status(500));
        for (var passed = 0; passed < 600; passed += 10)
            await PassAsync(api, issuer.CreateToken());

        var errors = _log.Entries.Where(entry => entry.Level == LogLevel.Error && entry.Category == "JwksAuth").ToList();
        Assert.InRange(errors.Count, 1, 2);
        Assert.EndsWith("Requests with its tokens are answered with 503", errors[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_without_the_issuer_says_what_callers_get_and_which_address_failed()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        issuer.Respond(FakeResponse.NotFound);
        await using var api = await TestApi.StartAsync(issuer, null, _log.Settings());
        var named = await api.GetStatusAsync(issuer.CreateToken());
        var other = await api.GetStatusAsync(issuer.CreateToken(token => token.WithIssuer("https://other.test")));
        for (var passed = 0; passed < 120; passed += 10)
            await PassAsync(api, issuer.CreateToken());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.Unauthorized), (named, other));
        var error = Assert.Single(_log.Entries, entry => entry.Level == LogLevel.Error && entry.Category == "JwksAuth").Text;
        Assert.Contains($"The server at {issuer.MetadataAddress} answered with status 404.", error, StringComparison.Ordinal);
        Assert.EndsWith("answered with 503 if they name the issuer that is configured, or named in its metadata, and with 401 if they name another", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Issuers_found_at_run_time_share_one_rate_limit_in_the_log()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        issuer.Respond(FakeResponse.Status(500));
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(options =>
            {
                options.IssuerResolver = (name, _) => ValueTask.FromResult<JwksIssuer?>(new JwksIssuer { Authority = name });
                options.Audience = issuer.Audience;
                options.BackchannelHttpHandler = issuer.CreateHandler();
                options.TimeProvider = _clock;
            }),
            _log.Settings());
        for (var number = 0; number < 100; number++)
            await api.GetStatusAsync(issuer.CreateToken(token => token.WithIssuer($"https://issuer.test/{number}")));

        var lines = _log.Entries.Where(entry => entry.Category == "JwksAuth").ToList();
        Assert.Single(lines);
    }

    [Fact]
    public async Task Ten_minutes_without_the_introspection_endpoint_write_a_handful_of_lines()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, settings: _log.Settings());
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        var before = Ours().Count;
        server.Introspection.Endpoint.Respond(FakeResponse.Status(503));
        for (var passed = 0; passed < 600; passed += 10)
        {
            await api.GetStatusAsync($"token-{passed}");
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        server.Introspection.Endpoint.Reset();
        _clock.Advance(TimeSpan.FromSeconds(10));
        for (var count = 0; count < 10; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));

        var lines = Ours().Skip(before).Where(entry => !entry.Text.Contains("keys", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count is 3 or 4, string.Join(Environment.NewLine, lines));
        Assert.Contains("answers again", lines[^1].Text, StringComparison.Ordinal);
    }

    private List<(string Category, LogLevel Level, string Text)> Ours() => [.. _log.Entries.Where(entry => entry.Category is "JwksAuth" || entry.Category.StartsWith("System.Net", StringComparison.Ordinal))];

    private async Task PassAsync(TestApi api, string token)
    {
        await api.GetStatusAsync(token);
        _clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var source in api.Services.GetRequiredService<KeySourceRegistry>().Sources)
            await source.CurrentFetch;
    }
}
