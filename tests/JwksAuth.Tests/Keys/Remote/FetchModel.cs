using JwksAuth.Keys;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Keys.Remote;

/// <summary>The events that a source may see during its fetches.</summary>
public enum FetchEvent
{
    /// <summary>A request asks for the newest key, and cannot wait for the cooldown.</summary>
    Ask,

    /// <summary>A request asks for the newest key, and can wait for the cooldown.</summary>
    AskAndWait,

    /// <summary>A request asks for a key that is never published.</summary>
    AskInVain,

    /// <summary>The caller of the oldest request gives up.</summary>
    GiveUp,

    /// <summary>An operator asks for a refresh.</summary>
    Refresh,

    /// <summary>The issuer publishes one more key.</summary>
    Publish,

    /// <summary>The issuer replaces its keys, and an operator clears those of the source.</summary>
    Clear,

    /// <summary>The issuer answers.</summary>
    Answer,

    /// <summary>The issuer answers with an error.</summary>
    Fail,

    /// <summary>The cooldown ends.</summary>
    Wait,

    /// <summary>The next background fetch is due.</summary>
    WaitLong,
}

/// <summary>Replicas of one source, each with an issuer that answers on command, and the rules that hold after every event.</summary>
internal sealed class FetchModel : IAsyncDisposable
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeClock _clock = new();
    private readonly ServiceProvider _services = SourceUnderTest.CreateServices();
    private readonly FakeFleet? _fleet;
    private readonly Replica[] _replicas;

    public FetchModel(int replicas)
    {
        _fleet = replicas > 1 ? new FakeFleet(_clock) : null;
        _replicas = [.. Enumerable.Range(0, replicas).Select(_ =>
        {
            var issuer = new GatedIssuer();
            var clock = new WatchedClock(_clock);
            var identity = new KeySourceIdentity("https://issuer.test", null, null, "https://issuer.test/jwks", new(false, false, null, issuer), new(), clock);
            return new Replica(issuer, SourceUnderTest.CreateSource(identity, KeySourceTuning.Default, _services, _fleet), clock);
        })];
    }

    /// <summary>Whether the event can happen now: an answer needs a request.</summary>
    public bool IsPossible(FetchEvent happens, int replica) => happens switch
    {
        FetchEvent.Answer or FetchEvent.Fail => _replicas[replica].Issuer.IsAsked,
        FetchEvent.GiveUp => _replicas[replica].HasRequests,
        _ => true,
    };

    public async Task HappenAsync(FetchEvent happens, int replica)
    {
        var one = _replicas[replica];
        switch (happens)
        {
            case FetchEvent.Ask or FetchEvent.AskAndWait:
                one.Ask($"k{one.Issuer.Version}", happens == FetchEvent.Ask ? TimeSpan.Zero : Patience);
                break;
            case FetchEvent.AskInVain:
                one.Ask("never", TimeSpan.Zero);
                break;
            case FetchEvent.GiveUp:
                one.GiveUp();
                break;
            case FetchEvent.Refresh:
                one.Refresh();
                break;
            case FetchEvent.Publish:
                Publish();
                break;
            case FetchEvent.Clear:
                Publish();
                one.Clear();
                break;
            case FetchEvent.Answer or FetchEvent.Fail:
                one.Issuer.Answer(happens == FetchEvent.Answer);
                break;
            default:
                await AdvanceAsync(happens == FetchEvent.Wait ? Cooldown : TimeSpan.FromMinutes(6));
                break;
        }

        await SettleAsync();
        Check();
    }

    /// <summary>Lets the issuer answer and advances the clock until no request waits, and checks that the source still fetches.</summary>
    public async Task EndAsync()
    {
        for (var step = 0; step < 5; step++)
        {
            await AnswerAsync();
            await AdvanceAsync(Cooldown, answers: true);
        }

        await AnswerAsync();
        foreach (var replica in _replicas)
            replica.CheckAnswers();
        foreach (var replica in _replicas)
        {
            Publish();
            await AdvanceAsync(Cooldown, answers: true);
            replica.Ask($"k{replica.Issuer.Version}", TimeSpan.Zero);
            await AnswerAsync();
            replica.CheckNewest();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        await _services.DisposeAsync();
    }

    // A replica that waits for another's fetch polls again after a while.
    private async Task AnswerAsync()
    {
        for (var answers = 0; answers < 200; answers++)
        {
            await SettleAsync();
            if (!_replicas.Any(replica => replica.Issuer.IsAsked || replica.PauseEndsIn is not null))
                return;
            await AnswerAllAsync();
            if (_replicas.Min(replica => replica.PauseEndsIn) is { } rest)
                _clock.Advance(rest);
        }
    }

    // The clock does not advance while the work of a timer is running: the engine answers without delay.
    private async Task AdvanceAsync(TimeSpan time, bool answers = false)
    {
        for (var remaining = time; remaining > TimeSpan.Zero;)
        {
            var step = _clock.NextTimerIn is { } next && next < remaining ? next : remaining;
            _clock.Advance(step);
            remaining -= step;
            await SettleAsync();
            if (answers)
                await AnswerAllAsync();
            Check();
        }
    }

    private async Task AnswerAllAsync()
    {
        foreach (var replica in _replicas)
            replica.Issuer.Answer(true);
        await SettleAsync();
    }

    private void Check()
    {
        foreach (var replica in _replicas)
            replica.Check();
    }

    // A replica that shares keys notifies others that were idle before, and they query the engine.
    private async Task SettleAsync()
    {
        int? calls;
        do
        {
            calls = _fleet?.Calls;
            for (var pass = 0; pass < 2; pass++)
            {
                foreach (var replica in _replicas)
                    await replica.SettleAsync();
            }
        }
        while (calls != _fleet?.Calls);
    }

    private void Publish()
    {
        foreach (var replica in _replicas)
            replica.Issuer.Publish();
    }
}
