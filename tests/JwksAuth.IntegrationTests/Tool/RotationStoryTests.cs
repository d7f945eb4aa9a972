using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>Rotation and revocation with an issuer and three APIs, each a separate process, using only the command line.</summary>
public sealed class RotationStoryTests(RunningFleet fleet) : IClassFixture<RunningFleet>, IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly HttpClient _client = new();

    private IEnumerable<string> StatusAddresses => fleet.Apis.Select(api => api + "/_jwks");

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tokens_pass_during_a_rotation_and_a_revoked_key_is_refused_everywhere_on_the_next_request()
    {
        var first = await GetTokenAsync();
        Assert.All(await CallAsync(first), status => Assert.Equal(HttpStatusCode.OK, status));

        await RotateWhenSafeAsync();
        var second = await GetTokenAsync();
        Assert.NotEqual(KeyIdOf(first), KeyIdOf(second));
        Assert.All(await CallAsync(first), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await CallAsync(second), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.True(await IntrospectAsync(second));

        Assert.Equal(0, (await ToolRun.AsProcessAsync("keys", "revoke", KeyIdOf(second), "--store", fleet.Store)).ExitCode);
        var refresh = await ToolRun.AsProcessAsync(["refresh", .. StatusAddresses]);

        Assert.Equal(0, refresh.ExitCode);
        Assert.All(await CallAsync(second), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.All(await CallAsync(first), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await CallAsync(await GetTokenAsync()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.False(await IntrospectAsync(second));
        Assert.Equal(3, refresh.Output.Split($"- {KeyIdOf(second)}").Length - 1);
        Assert.Contains("3 of 3 services refreshed.", refresh.Output, StringComparison.Ordinal);
        Assert.All(refresh.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public async Task A_service_that_is_not_reached_is_named_and_the_exit_code_says_so()
    {
        var api = fleet.Apis[0] + "/_jwks";
        var gone = $"http://127.0.0.1:{RunningFleet.FreePort()}/_jwks";
        var list = _folder.Beside("services.txt");
        await File.WriteAllLinesAsync(list, ["# all of them", api, gone + " # switched off", "", fleet.Apis[1] + "/nothing"]);

        var refresh = await ToolRun.InProcessAsync("refresh", "--from", list, "--retries", "1", "--json");

        Assert.Equal(3, refresh.ExitCode);
        Assert.Equal(
            [(api, "refreshed"), (gone, "not reached"), (fleet.Apis[1] + "/nothing", "refused (404)")],
            refresh.Json["services"]!.AsArray().Select(service => ((string)service!["service"]!, ((string)service["outcome"]!).Split(':')[0])));
    }

    [Fact]
    public async Task A_file_that_contains_more_than_a_token_is_neither_sent_nor_shown()
    {
        var file = _folder.Beside("operator.token");
        await File.WriteAllLinesAsync(file, ["# operator", "c2VjcmV0"]);

        var refresh = await ToolRun.InProcessAsync("refresh", fleet.Apis[0] + "/_jwks", "--token-file", file);

        Assert.Equal(3, refresh.ExitCode);
        Assert.Contains("is not an access token", refresh.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refresh.Output + refresh.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_served_issuer_passes_inspection_and_gives_tokens_only_to_its_client()
    {
        var inspection = await ToolRun.InProcessAsync("inspect", fleet.Issuer, "--json");
        using var refused = await _client.PostAsync($"{fleet.Issuer}/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "development",
            ["client_secret"] = "guessed",
        }));

        Assert.Equal(0, inspection.ExitCode);
        Assert.Empty(inspection.Json["findings"]!.AsArray());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(0, (await ToolRun.InProcessAsync("explain", await GetTokenAsync(), "--audience", "api")).ExitCode);
    }

    // The store says when the next key is safe; an operator's schedule would run the command again.
    private async Task RotateWhenSafeAsync()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if ((await ToolRun.AsProcessAsync("keys", "rotate", "--store", fleet.Store)).ExitCode == 0)
                return;
        }

        Assert.Fail("The rotation never became safe.");
    }

    private async Task<IEnumerable<HttpStatusCode>> CallAsync(string token) => await Task.WhenAll(fleet.Apis.Select(async api =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, api + "/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }));

    private async Task<string> GetTokenAsync() => (string)(await PostAsync("/token", ("grant_type", "client_credentials")))["access_token"]!;

    private async Task<bool> IntrospectAsync(string token) => (bool)(await PostAsync("/introspect", ("token", token)))["active"]!;

    private async Task<JsonNode> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var client = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(fleet.Store, "client.json")))!;
        fields = [.. fields, ("client_id", (string)client["id"]!), ("client_secret", (string)client["secret"]!)];
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await _client.PostAsync(fleet.Issuer + path, form);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    private static string KeyIdOf(string token) => new JsonWebToken(token).Kid;
}
