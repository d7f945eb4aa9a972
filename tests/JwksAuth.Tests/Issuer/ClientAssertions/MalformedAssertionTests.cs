using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>Thousands of damaged assertions, the same ones in every run: each is refused, without an exception and without a memory leak.</summary>
public sealed class MalformedAssertionTests : IDisposable
{
    private readonly ConcurrentQueue<string> _exceptions = new();
    private readonly AsyncLocal<bool> _isValidating = new();

    public MalformedAssertionTests() => AppDomain.CurrentDomain.FirstChanceException += OnException;

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= OnException;

    [Fact]
    public async Task Damaged_assertions_are_refused()
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        var good = TokenServer.Assert(client);
        Assert.Equal("Valid", await server.JudgeAsync(good));
        var mutator = new Mutator(seed: 7523);

        _isValidating.Value = true;
        for (var count = 0; count < 4000; count++)
        {
            var damaged = mutator.Mutate(good);
            if (await server.JudgeAsync(damaged, mutator.Pick(["web", null, "", damaged])) == "Valid")
                Assert.Fail($"Passed: {damaged}");
        }

        _isValidating.Value = false;
        Assert.Empty(_exceptions);
        Assert.Empty(server.Log.Errors);
        Assert.Equal(1, client.JwksRequestCount);
        Assert.Equal(1, server.Keys.Count);
    }

    [Fact]
    public async Task Signed_assertions_with_damaged_claims_pass_only_as_what_they_say()
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
        var expires = server.Clock.GetUtcNow().ToUnixTimeSeconds() + 100;
        var mutator = new Mutator(seed: 7519);

        _isValidating.Value = true;
        for (var count = 0; count < 3000; count++)
        {
            var payload = mutator.Mutate($$"""{"iss":"web","sub":"web","aud":"{{TokenServer.Issuer}}","jti":"{{count}}","exp":{{expires}}}""");
            var result = await server.ValidateAsync(TokenServer.Assert(client, token => token.WithRawPayload(payload)));
            Assert.Equal(result.IsValid ? "web" : null, result.ClientId);
        }

        _isValidating.Value = false;
        Assert.Empty(_exceptions);
        Assert.Empty(server.Log.Errors);
    }

    private void OnException(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (_isValidating.Value)
            _exceptions.Enqueue(thrown.Exception.ToString());
    }
}
