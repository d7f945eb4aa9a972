using JwksAuth.Testing;

namespace JwksAuth.Tests.Requests;

/// <summary>Where a token may be in a request (RFC 6750 section 2, RFC 9449 section 7.1): in one header, once.</summary>
public sealed class AuthorizationHeaderTests : IAsyncLifetime
{
    private FakeJwksServer _issuer = null!;
    private TestApi _api = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(new FakeClock());
        _api = await TestApi.StartAsync(_issuer);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_token_in_the_query_or_in_a_form_is_not_read()
    {
        var token = _issuer.CreateToken();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/?access_token={token}");
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("access_token", token)]);

        Assert.Equal("401 Bearer", await AskAsync(request));
    }

    [Theory]
    [InlineData("Bearer {0}", "Bearer {0}")]
    [InlineData("Bearer {0}", "DPoP {0}")]
    [InlineData("Basic dXNlcjpwYXNz", "Bearer {0}")]
    public async Task Several_authorization_headers_are_refused(string first, string second)
    {
        var token = _issuer.CreateToken();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var header in (string[])[first, second])
            request.Headers.TryAddWithoutValidation("Authorization", header.Replace("{0}", token, StringComparison.Ordinal));

        Assert.StartsWith("401 Bearer", await AskAsync(request), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(HttpRequestMessage request)
    {
        using var response = await _api.Client.SendAsync(request);
        return $"{(int)response.StatusCode} {response.Headers.WwwAuthenticate}";
    }
}
