using System.Net;
using JwksAuth.Introspection.Server;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection.Server;

public class GuardedClientTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly ServerDescription Server = new("https://issuer.test", "https://issuer.test/introspect");

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task Requests_that_wait_too_long_do_not_stop_calls_to_the_server()
    {
        using var handler = new HangingOnce();
        var client = CreateClient(handler, maximumConcurrentRequests: 1);
        var asked = Enumerable.Range(0, 30).Select(index => client.AskAsync($"token-{index}", Server).AsTask()).ToArray();

        _clock.Advance(Timeout);
        var replies = await Task.WhenAll(asked);

        Assert.NotNull(replies[0].Error);
        Assert.All(replies[1..], reply => Assert.True(reply.IsOverload || reply.Status == HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("another", Server)).Status);
    }

    [Fact]
    public async Task If_too_many_wait_the_longest_waiting_request_fails_at_once_and_a_later_one_does_not()
    {
        using var handler = new HangingOnce();
        var client = CreateClient(handler, maximumConcurrentRequests: 1);
        var asked = Enumerable.Range(0, 1001).Select(index => client.AskAsync($"token-{index}", Server).AsTask()).ToArray();

        var another = client.AskAsync("one too many", Server).AsTask();
        Assert.True((await asked[1]).IsOverload);

        handler.Release();
        Assert.All(await Task.WhenAll(asked.Except([asked[1]]).Append(another)), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
    }

    private GuardedClient CreateClient(HttpMessageHandler handler, int maximumConcurrentRequests)
    {
        var channel = new HttpMessageInvoker(handler, disposeHandler: false);
        return new GuardedClient(new IntrospectionClient(() => channel, new ClientName("api"), "application/json", 64 * 1024, _clock), maximumConcurrentRequests, Timeout, _clock);
    }

    /// <summary>Answers every request but the first at once.</summary>
    private sealed class HangingOnce : HttpMessageHandler
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public void Release() => _released.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _count) == 1)
                await _released.Task.WaitAsync(cancellationToken);
            return new HttpResponseMessage { Content = new StringContent("{}") };
        }
    }
}
