using JwksAuth.Keys;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Keys.Remote;

/// <summary>The effects of refresh, clear and disposal on each other and on running fetches.</summary>
public class RemoteKeySourceLifetimeTests
{
    [Fact]
    public async Task A_refresh_during_a_fetch_waits_for_it_and_fetches_again()
    {
        await using var test = await SourceUnderTest.StartAsync();
        Task<JwksRefreshResult> refresh;
        FakeSigningKey added;
        using (test.Issuer.HoldResponses())
        {
            var asked = test.AskAsync("bogus");
            await test.Issuer.WaitForJwksRequestsAsync(2);
            refresh = test.Source.RefreshAsync(CancellationToken.None);
            Assert.False(asked.IsCompleted);
            added = test.Issuer.RotateKey();
        }

        await refresh;
        Assert.Equal(3, test.Issuer.JwksRequestCount);
        Assert.Equal(KeyLookupStatus.Found, test.Find(added.KeyId).Status);
        Assert.Equal("no-cache", test.Issuer.Requests[^1].Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Many_refreshes_before_the_fetch_starts_cause_one_fetch()
    {
        await using var test = await SourceUnderTest.StartAsync();
        Task<JwksRefreshResult>[] refreshes;
        using (test.Issuer.HoldResponses())
        {
            _ = test.AskAsync("bogus");
            await test.Issuer.WaitForJwksRequestsAsync(2);
            refreshes = [.. Enumerable.Range(0, 10).Select(_ => test.Source.RefreshAsync(CancellationToken.None))];
        }

        await Task.WhenAll(refreshes);
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_refresh_during_another_refresh_fetches_again()
    {
        await using var test = await SourceUnderTest.StartAsync();
        Task<JwksRefreshResult> first, second;
        using (test.Issuer.HoldResponses())
        {
            first = test.Source.RefreshAsync(CancellationToken.None);
            await test.Issuer.WaitForJwksRequestsAsync(2);
            second = test.Source.RefreshAsync(CancellationToken.None);
        }

        await first;
        await second;
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task After_a_clear_the_next_token_fetches_at_once_even_in_the_cooldown()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        test.Source.Clear();
        Assert.Null(test.Source.CurrentSet);

        Assert.Equal(KeyLookupStatus.Found, await test.AskAsync(test.Issuer.CurrentKey.KeyId));
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_clear_during_a_fetch_discards_its_result_too()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var leaked = test.Issuer.CurrentKey;
        test.Issuer.Jwks.RespondOnce(FakeResponse.Text(SetOf(leaked)).After(TimeSpan.FromSeconds(1)));
        var asked = test.AskAsync("bogus");
        await test.Issuer.WaitForJwksRequestsAsync(2);
        var replacement = test.Issuer.ReplaceAll();

        test.Source.Clear();
        test.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(KeyLookupStatus.Unknown, await asked);
        Assert.Equal(3, test.Issuer.JwksRequestCount);
        Assert.Equal(replacement.KeyId, Assert.Single(test.Source.CurrentSet!.Keys).KeyId);
    }

    [Fact]
    public async Task Disposal_during_a_fetch_answers_the_waiting_requests_and_leaves_no_timer()
    {
        var test = await SourceUnderTest.StartAsync();
        Task<KeyLookupStatus> asked;
        using (test.Issuer.HoldResponses())
        {
            asked = test.AskAsync("bogus");
            await test.Issuer.WaitForJwksRequestsAsync(2);
            await test.Source.DisposeAsync();
        }

        Assert.Equal(KeyLookupStatus.Unavailable, await asked);
        Assert.Null(test.Source.CurrentSet);
        Assert.Equal(0, test.Clock.ActiveTimers);
        await test.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_releases_held_requests_and_leaves_no_timer()
    {
        var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        var held = test.AskAsync("other", TimeSpan.FromSeconds(30));
        Assert.False(held.IsCompleted);

        await test.Source.DisposeAsync();

        Assert.Equal(KeyLookupStatus.Unavailable, await held);
        Assert.Equal(0, test.Clock.ActiveTimers);
        await test.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_ends_a_queued_refresh_as_failed()
    {
        var test = await SourceUnderTest.StartAsync();
        Task<JwksRefreshResult> refresh;
        using (test.Issuer.HoldResponses())
        {
            _ = test.AskAsync("bogus");
            await test.Issuer.WaitForJwksRequestsAsync(2);
            refresh = test.Source.RefreshAsync(CancellationToken.None);
            await test.Source.DisposeAsync();
        }

        Assert.Equal(JwksRefreshOutcome.Failed, (await refresh).Outcome);
        Assert.Equal(2, test.Issuer.JwksRequestCount);
        await test.DisposeAsync();
    }

    [Fact]
    public async Task After_disposal_every_call_is_refused_without_a_fetch()
    {
        var test = await SourceUnderTest.StartAsync();
        await test.Source.DisposeAsync();

        Assert.Equal(KeyLookupStatus.Unavailable, await test.AskAsync(test.Issuer.CurrentKey.KeyId));
        Assert.Equal(JwksRefreshOutcome.Failed, (await test.Source.RefreshAsync(CancellationToken.None)).Outcome);
        await test.Source.StartAsync(CancellationToken.None);
        await test.Source.DisposeAsync();
        Assert.Equal(1, test.Issuer.JwksRequestCount);
        await test.DisposeAsync();
    }

    [Fact]
    public async Task New_keys_are_used_even_if_the_logger_of_the_application_throws()
    {
        await using var test = await SourceUnderTest.CreateAsync(
            configure: services => services.AddSingleton<ILoggerProvider, ThrowingLoggerProvider>());
        await test.Source.StartAsync(CancellationToken.None);
        Assert.Equal(KeyLookupStatus.Found, test.Find(test.Issuer.CurrentKey.KeyId).Status);

        await test.Issuer.StopAsync();
        await test.AdvanceAsync(TimeSpan.FromMinutes(5));
        await test.Issuer.RestartAsync();
        var added = test.Issuer.RotateKey();
        await test.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(KeyLookupStatus.Found, test.Find(added.KeyId).Status);
    }

    private static string SetOf(FakeSigningKey key) => $$"""{"keys":[{{key.ToJwk().ToJsonString()}}]}""";

    private sealed class ThrowingLoggerProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The disk is full.");

        public void Dispose()
        {
        }
    }
}
