using System.Net;
using WireMock;
using WireMock.ResponseBuilders;

namespace JwksAuth.IntegrationTests.Keys.Retrieval;

/// <summary>Faults of an issuer that responds badly, too late or not at all: known keys are kept, the error is named, and the next fetch succeeds.</summary>
public sealed class HttpFaultTests : StubbedIssuerTests
{
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(FaultType.EMPTY_RESPONSE)]
    [InlineData(FaultType.MALFORMED_RESPONSE_CHUNK)]
    public async Task A_response_that_is_not_a_key_set_keeps_the_known_keys(FaultType fault)
    {
        await using var api = await StartWarmApiAsync();
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks).WithFault(fault));

        Assert.Contains("JSON", await RefreshAsync(api), StringComparison.Ordinal);
        await AssertRecoversAsync(api);
    }

    [Theory]
    [InlineData(null, "cannot be reached (")]
    [InlineData("""{"keys":[""", "closed the connection while its answer was read")]
    public async Task A_connection_that_breaks_before_or_during_a_response_keeps_the_known_keys(string? start, string error)
    {
        await using var api = await StartWarmApiAsync();
        Issuer.BreakConnections(start);

        Assert.Contains(error, await RefreshAsync(api), StringComparison.Ordinal);
        Issuer.MendConnections();
        await AssertRecoversAsync(api);
    }

    [Fact]
    public async Task An_unreachable_server_is_named_with_the_network_error()
    {
        await using var api = await StartWarmApiAsync();
        Issuer.Server.Stop();

        Assert.EndsWith("cannot be reached (ConnectionError, ConnectionRefused).", await RefreshAsync(api), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));
    }

    [Fact]
    public async Task A_fetch_does_not_wait_for_a_response_after_the_timeout()
    {
        await using var api = await StartWarmApiAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Issuer.Stub(StubbedIssuer.JwksPath, Response.Create().WithCallback(async _ =>
        {
            arrived.SetResult();
            await released.Task;
            return new ResponseMessage { StatusCode = 500 };
        }));

        var refresh = RefreshAsync(api);
        await arrived.Task;
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));
        Assert.False(refresh.IsCompleted);
        Clock.Advance(FetchTimeout);

        Assert.Equal("No complete response within 5 s.", await refresh);
        released.SetResult();
        await AssertRecoversAsync(api);
    }

    private async Task AssertRecoversAsync(KestrelApi api)
    {
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));
        Issuer.Stub(StubbedIssuer.JwksPath, StubbedIssuer.JsonResponse(Issuer.Jwks));
        Assert.Null(await RefreshAsync(api));
    }
}
