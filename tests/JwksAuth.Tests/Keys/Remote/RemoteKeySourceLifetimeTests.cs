using JwksAuth.Keys;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Keys.Remote;

/// <summary>What refresh, clear and disposal do to each other and to fetches under way.</summary>
public class RemoteKeySourceLifetimeTests
{
    [Fact]
    public async Task RefreshAsync_FetchUnderWay_WaitsForItAndFetchesAgain()
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
    public async Task RefreshAsync_AskedByManyBeforeItStarts_FetchesOnce()
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
    public async Task RefreshAsync_WhileARefreshIsUnderWay_IsARefreshOfItsOwn()
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
    public async Task Clear_WindowClosed_TheNextTokenFetchesAtOnce()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        test.Source.Clear();
        Assert.Null(test.Source.CurrentSet);

        Assert.Equal(KeyLookupStatus.Found, await test.AskAsync(test.Issuer.CurrentKey.KeyId));
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Clear_FetchUnderWay_ItsAnswerIsForgottenToo()
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
    public async Task DisposeAsync_FetchUnderWay_AnswersItsWaitersAndLeavesNoTimer()
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
    public async Task DisposeAsync_RequestsHeld_LetsThemGoAndLeavesNoTimer()
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
    public async Task DisposeAsync_RefreshQueued_EndsItAsFailed()
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
    public async Task Everything_AfterDisposal_IsRefusedWithoutAFetch()
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
    public async Task Fetch_LoggerOfTheApplicationThrows_KeysAreInForceAllTheSame()
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
