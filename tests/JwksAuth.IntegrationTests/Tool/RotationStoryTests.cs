using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>Rotation and revocation with an issuer and three APIs, each a process of its own, by nothing but the command line.</summary>
public sealed class RotationStoryTests : IDisposable
{
    private readonly StoreFolder _store = new();
    private readonly List<RunningProgram> _programs = [];
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        foreach (var program in _programs)
            program.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Tokens_pass_through_a_rotation_and_a_revoked_key_is_refused_everywhere_on_the_next_request()
    {
        await _store.KeysAsync("new", "--max-age", "1s", "--token-lifetime", "10m");
        await _store.KeysAsync("new");
        var issuer = await ServeAsync();
        var apis = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartApiAsync(issuer)));

        var first = await GetTokenAsync(issuer);
        Assert.All(await CallAsync(apis, first), status => Assert.Equal(HttpStatusCode.OK, status));

        await RotateWhenSafeAsync();
        var second = await GetTokenAsync(issuer);
        Assert.NotEqual(KeyIdOf(first), KeyIdOf(second));
        Assert.All(await CallAsync(apis, first), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await CallAsync(apis, second), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.True(await IntrospectAsync(issuer, second));

        Assert.Equal(0, (await ToolRun.AsProcessAsync("keys", "revoke", KeyIdOf(second), "--store", _store.Path)).ExitCode);
        var refresh = await ToolRun.AsProcessAsync(["refresh", .. apis.Select(api => api + "/_jwks"), "--json"]);

        Assert.Equal(0, refresh.ExitCode);
        Assert.All(await CallAsync(apis, second), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.All(await CallAsync(apis, first), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await CallAsync(apis, await GetTokenAsync(issuer)), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.False(await IntrospectAsync(issuer, second));
        foreach (var service in refresh.Json["services"]!.AsArray())
            Assert.Contains(KeyIdOf(second), service!["removed"]!.AsArray().Select(keyId => (string)keyId!));

        var table = await ToolRun.AsProcessAsync(["refresh", .. apis.Select(api => api + "/_jwks")]);
        Assert.Contains("3 of 3 services refreshed.", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_reached_is_named_and_the_exit_code_says_so()
    {
        await _store.KeysAsync("new");
        var api = await StartApiAsync(await ServeAsync());
        var list = _store.Beside("services.txt");
        await File.WriteAllLinesAsync(list, ["# all of them", api + "/_jwks", $"http://127.0.0.1:{FreePort()}/_jwks # gone"]);

        var refresh = await ToolRun.InProcessAsync("refresh", "--from", list, "--retries", "1");

        Assert.Equal(3, refresh.ExitCode);
        Assert.Contains("not reached", refresh.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 2 services refreshed.", refresh.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_served_issuer_passes_inspection_and_gives_tokens_to_its_client_alone()
    {
        var issuer = await ServeAsync();

        var inspection = await ToolRun.InProcessAsync("inspect", issuer, "--json");
        using var refused = await _client.PostAsync($"{issuer}/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "development",
            ["client_secret"] = "guessed",
        }));

        Assert.Equal(0, inspection.ExitCode);
        Assert.Empty(inspection.Json["findings"]!.AsArray());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(0, (await ToolRun.InProcessAsync("explain", await GetTokenAsync(issuer), "--audience", "api")).ExitCode);
    }

    private async Task<string> ServeAsync()
    {
        var port = FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var start = ToolRun.Command("src/JwksAuth.Tool", "jwks", "serve", "--store", _store.Path, "--port", port);
        var (program, issuer) = await RunningProgram.StartAsync(start, "Issuer ");
        _programs.Add(program);
        return issuer;
    }

    private async Task<string> StartApiAsync(string issuer)
    {
        var start = ToolRun.Command("samples/MinimalApi", "MinimalApi", "--urls", "http://127.0.0.1:0");
        start.Environment["Authentication__Schemes__Bearer__Authority"] = issuer;
        start.Environment["Authentication__Schemes__Bearer__Audience"] = "api";
        start.Environment["Authentication__Schemes__Bearer__RequireHttpsMetadata"] = "false";
        var (program, address) = await RunningProgram.StartAsync(start, "Now listening on:");
        lock (_programs)
            _programs.Add(program);
        return address;
    }

    // The store says when the next key is safe; asking again is what an operator's schedule does.
    private async Task RotateWhenSafeAsync()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if ((await ToolRun.AsProcessAsync("keys", "rotate", "--store", _store.Path)).ExitCode == 0)
                return;
        }

        Assert.Fail("The rotation never became safe.");
    }

    private async Task<IEnumerable<HttpStatusCode>> CallAsync(IEnumerable<string> apis, string token) => await Task.WhenAll(apis.Select(async api =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, api + "/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }));

    private async Task<string> GetTokenAsync(string issuer) =>
        (string)(await PostAsync(issuer + "/token", ("grant_type", "client_credentials")))["access_token"]!;

    private async Task<bool> IntrospectAsync(string issuer, string token) => (bool)(await PostAsync(issuer + "/introspect", ("token", token)))["active"]!;

    private async Task<JsonNode> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        var client = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_store.Path, "client.json")))!;
        fields = [.. fields, ("client_id", (string)client["id"]!), ("client_secret", (string)client["secret"]!)];
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await _client.PostAsync(address, form);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    private static string KeyIdOf(string token) => new JsonWebToken(token).Kid;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
