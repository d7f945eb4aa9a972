using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Vectors;

/// <summary>An API whose issuer publishes the keys of a vector, and one of its own so that the set always has a usable key.</summary>
internal sealed class VectorApi : IAsyncDisposable
{
    private readonly FakeJwksServer _issuer;
    private readonly TestApi _api;

    private VectorApi(FakeJwksServer issuer, TestApi api)
    {
        _issuer = issuer;
        _api = api;
    }

    public static async Task<VectorApi> StartAsync(params IEnumerable<JsonNode> keys)
    {
        var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        foreach (var key in keys)
            issuer.PublishRaw(key.DeepClone().AsObject());
        var api = new VectorApi(issuer, await TestApi.StartAsync(issuer));
        Assert.Equal(HttpStatusCode.OK, await api._api.GetStatusAsync(issuer.CreateToken()));
        return api;
    }

    /// <summary>Sends any text as a bearer token, which must be answered with 401 and, unless there was no token, <c>invalid_token</c>.</summary>
    public async Task AssertRefusesAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await _api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var challenge = response.Headers.WwwAuthenticate.ToString();
        Assert.StartsWith(token.Length == 0 ? "Bearer" : "Bearer error=\"invalid_token\"", challenge, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
    }
}
