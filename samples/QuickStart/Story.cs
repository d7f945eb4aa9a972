using System.Net;
using JwksAuth;
using JwksAuth.Testing;

namespace QuickStart;

/// <summary>A day in the life of an API's keys. The issuer counts fetches, the caller counts responses.</summary>
internal sealed class Story(Stage stage, FakeJwksServer issuer, OrdersApi api, Caller caller)
{
    private const int Crowd = 100;
    private const int Flood = 5000;

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        stage.Say($"""
            JwksAuth: an API with the right keys at every moment

            The API     {api.Address}  AddJwksBearer(), nothing tuned
            The issuer  {issuer.Issuer}/  a fake one, which publishes its keys over HTTP
            """);

        var firstKey = issuer.CurrentKey;
        var knownToken = issuer.CreateToken();
        await PassATokenAsync(knownToken, cancellationToken);
        await RotateAsync(knownToken, cancellationToken);
        await FloodAsync(knownToken, cancellationToken);
        await LoseTheIssuerAsync(knownToken, cancellationToken);
        await WithdrawAsync(firstKey, knownToken, cancellationToken);
    }

    private async Task PassATokenAsync(string token, CancellationToken cancellationToken)
    {
        stage.Chapter("A token passes");
        stage.Expect("a token of the issuer", HttpStatusCode.OK, await caller.SendAsync(token, cancellationToken));
        stage.Expect($"{Crowd} more of them", Answers.AllOf(Crowd, HttpStatusCode.OK), await SendCrowdAsync(token, cancellationToken));
        stage.Expect("fetches of the issuer's keys", 1, issuer.JwksRequestCount);
    }

    private async Task RotateAsync(string knownToken, CancellationToken cancellationToken)
    {
        stage.Chapter("The issuer rotates its key");
        await WaitForWindowAsync(knownToken, cancellationToken);
        var fetchesBefore = issuer.JwksRequestCount;

        var newKey = issuer.RotateKey();
        stage.Say($"   {newKey.KeyId} signs from now on; the API does not know it yet.");
        stage.Expect("the first token of the new key", HttpStatusCode.OK, await caller.SendAsync(issuer.CreateToken(), cancellationToken));
        stage.Expect("fetches that this caused", 1, issuer.JwksRequestCount - fetchesBefore);
    }

    private async Task FloodAsync(string knownToken, CancellationToken cancellationToken)
    {
        stage.Chapter($"A flood of {Flood} tokens, each with a random kid");
        await WaitForWindowAsync(knownToken, cancellationToken);
        var fetchesBefore = issuer.JwksRequestCount;

        var flood = caller.SendManyAsync(Flood, () => issuer.CreateToken(token => token.WithUnknownKeyId()), cancellationToken);
        stage.Expect("valid tokens during the flood", Answers.AllOf(Crowd, HttpStatusCode.OK), await SendCrowdAsync(knownToken, cancellationToken));
        stage.Expect("the flood", Answers.AllOf(Flood, HttpStatusCode.Unauthorized), (await flood).ToString());
        stage.Expect("fetches that it caused", 1, issuer.JwksRequestCount - fetchesBefore);
    }

    private async Task LoseTheIssuerAsync(string knownToken, CancellationToken cancellationToken)
    {
        stage.Chapter("The issuer goes down");
        await issuer.StopAsync(cancellationToken);
        stage.Expect("a refresh of its keys", JwksRefreshOutcome.Failed, await RefreshAsync(cancellationToken));
        stage.Expect("known tokens keep passing", Answers.AllOf(Crowd, HttpStatusCode.OK), await SendCrowdAsync(knownToken, cancellationToken));
    }

    private async Task WithdrawAsync(FakeSigningKey key, string tokenOfKey, CancellationToken cancellationToken)
    {
        stage.Chapter("The issuer is back and withdraws a key");
        await issuer.RestartAsync(cancellationToken);
        issuer.Withdraw(key);
        stage.Say($"   {key.KeyId} is gone. The API would notice within 5 minutes; an operator refreshes now.");
        stage.Expect("the refresh", JwksRefreshOutcome.Changed, await RefreshAsync(cancellationToken));
        stage.Expect("the next token of the withdrawn key", HttpStatusCode.Unauthorized, await caller.SendAsync(tokenOfKey, cancellationToken));
        stage.Expect("a token of the other key", HttpStatusCode.OK, await caller.SendAsync(issuer.CreateToken(), cancellationToken));
    }

    // Tokens may cause one fetch per 10 seconds, and one has just happened. Each dot is a request that passes meanwhile.
    private async Task WaitForWindowAsync(string knownToken, CancellationToken cancellationToken)
    {
        var remaining = api.Keys.GetStatus().Single().CooldownEndsIn;
        stage.BeginWait($"tokens cause one fetch per 10 s: {remaining.TotalSeconds:0} s to go");
        for (; remaining > TimeSpan.Zero; remaining = api.Keys.GetStatus().Single().CooldownEndsIn)
        {
            await Task.Delay(remaining < TimeSpan.FromSeconds(1) ? remaining : TimeSpan.FromSeconds(1), cancellationToken);
            if (await caller.SendAsync(knownToken, cancellationToken) == HttpStatusCode.OK)
                stage.Tick();
        }

        stage.EndWait();
    }

    private async Task<string> SendCrowdAsync(string token, CancellationToken cancellationToken) =>
        (await caller.SendManyAsync(Crowd, () => token, cancellationToken)).ToString();

    private async Task<JwksRefreshOutcome> RefreshAsync(CancellationToken cancellationToken) =>
        (await api.Keys.RefreshAsync(cancellationToken: cancellationToken)).Single().Outcome;
}
