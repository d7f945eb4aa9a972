using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Operations.Status;

public sealed class RefreshTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task The_answer_says_which_keys_were_added_removed_and_kept()
    {
        var gone = _issuer.CurrentKey;
        var kept = _issuer.RotateKey();
        await using var api = await StartApiAsync();
        var added = _issuer.RotateKey();
        _issuer.Withdraw(gone);

        var source = (await api.RefreshAsync()).GetProperty("sources")[0];

        Assert.Equal("changed", source.GetProperty("outcome").GetString());
        Assert.Equal([added.KeyId], source.Strings("added"));
        Assert.Equal([gone.KeyId], source.Strings("removed"));
        Assert.Equal([kept.KeyId], source.Strings("kept"));
        Assert.Equal("not_modified", (await api.RefreshAsync()).GetProperty("sources")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_refresh_during_the_cooldown_ends_a_withdrawn_key_and_its_cached_tokens()
    {
        var leaked = _issuer.CurrentKey;
        await using var api = await StartApiAsync();
        var remembered = _issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(remembered));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(remembered));

        _issuer.ReplaceAll();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(remembered));
        var source = (await api.RefreshAsync()).GetProperty("sources")[0];

        Assert.Equal([leaked.KeyId], source.Strings("removed"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(remembered));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(leaked))));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [Fact]
    public async Task One_issuer_can_be_refreshed_by_query_or_form()
    {
        await using var api = await StartApiAsync();
        Assert.Single((await api.RefreshAsync(_issuer.Issuer)).GetProperty("sources").EnumerateArray());
        using var form = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh", configure: request =>
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["issuer"] = _issuer.MetadataAddress }));
        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        Assert.Equal(3, _issuer.JwksRequestCount);

        using var unknown = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh?issuer=https://other.test");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(3, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_failed_refresh_shows_in_the_status_code_for_scripts_and_on_the_page_for_people()
    {
        await using var api = await StartApiAsync();
        _issuer.Respond(FakeResponse.Status(500));

        using var json = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh");
        using var page = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh", "text/html", configure: request => request.Headers.Add("Origin", "http://localhost"));

        Assert.Equal(HttpStatusCode.BadGateway, json.StatusCode);
        Assert.Contains("\"outcome\": \"failed\"", await json.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("answered with status 500.", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "junk")]
    [InlineData("multipart/form-data", "junk")]
    public async Task A_form_that_cannot_be_read_is_the_callers_fault(string contentType, string body)
    {
        await using var api = await StartApiAsync();

        using var response = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh", configure: request =>
        {
            request.Content = new StringContent(body);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    private async Task<TestApi> StartApiAsync()
    {
        var api = await StatusApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        return api;
    }
}
