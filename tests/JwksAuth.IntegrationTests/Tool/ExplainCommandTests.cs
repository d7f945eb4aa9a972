using System.Security.Cryptography;
using JwksAuth.Tool.Explain;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary><c>jwks explain</c>, and <c>jwks token</c> with it.</summary>
public sealed class ExplainCommandTests : IDisposable
{
    private const string Issuer = "https://issuer.example";

    private readonly StoreFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_good_token_passes_every_check_and_its_signature_is_not_shown()
    {
        var (token, keys) = await MintAsync();

        var run = await ExplainAsync(token, keys, "--audience", "api");

        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Json["checks"]!.AsArray(), check => Assert.Equal("passed", (string?)check!["result"]));
        Assert.DoesNotContain(token.Split('.')[2], run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_after_the_name_of_its_scheme_is_not_shown()
    {
        var (token, _) = await MintAsync();

        var run = await ToolRun.InProcessAsync("explain", "Bearer", token);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("one token", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2], run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audience", "--audience", "another")]
    [InlineData("issuer", "--issuer", "https://another.example")]
    public async Task A_token_that_is_refused_names_the_check_that_failed(string check, params string[] arguments)
    {
        var (token, keys) = await MintAsync();

        var run = await ExplainAsync(token, keys, arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(check, FailedCheck(run));
    }

    [Fact]
    public async Task A_changed_token_fails_at_its_signature_and_a_revoked_key_at_the_key()
    {
        var (token, keys) = await MintAsync();
        var parts = token.Split('.');
        var forged = $"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}";

        Assert.Equal("signature", FailedCheck(await ExplainAsync(forged, keys)));

        await _store.KeysAsync("revoke", Assert.Single(await _store.StatesAsync()).KeyId);
        await File.WriteAllTextAsync(keys, (await _store.KeysAsync("export")).Output);
        Assert.Equal("key", FailedCheck(await ExplainAsync(token, keys)));
    }

    [Fact]
    public async Task Junk_fails_at_its_form()
    {
        var (_, keys) = await MintAsync();

        Assert.Equal("form", FailedCheck(await ExplainAsync("a.b", keys, "--issuer", Issuer)));
        Assert.Equal("form", FailedCheck(await ToolRun.InProcessAsync("explain", "junk", "--json")));
    }

    [Theory]
    [InlineData("-70000000000")]
    [InlineData("1e300")]
    [InlineData("\"-70000000000\"")]
    public async Task A_time_that_is_no_date_fails_at_its_form(string time)
    {
        var header = Base64UrlEncoder.Encode("""{"alg":"ES256","typ":"JWT"}""");
        var claims = Base64UrlEncoder.Encode("{\"iss\":\"" + Issuer + "\",\"exp\":" + time + "}");

        var run = await ToolRun.InProcessAsync("explain", $"{header}.{claims}.{new string('A', 86)}", "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("form", FailedCheck(run));
    }

    [Fact]
    public async Task A_token_without_an_issuer_fails_there_and_nobody_is_asked_for_keys()
    {
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            "{}", new SigningCredentials(new ECDsaSecurityKey(ECDsa.Create()), "ES256"));

        var run = await ToolRun.InProcessAsync("explain", token, "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("issuer named", FailedCheck(run));
    }

    [Fact]
    public async Task An_issuer_that_cannot_be_asked_is_no_verdict_on_the_token()
    {
        var (token, _) = await MintAsync();

        var run = await ToolRun.InProcessAsync("explain", token, "--issuer", "http://issuer.example", "--json");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("is not https", (string?)run.Json["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_taken_for_granted_is_said()
    {
        var (token, keys) = await MintAsync();

        Assert.Equal(2, (await ExplainAsync(token, keys)).Json["assumptions"]!.AsArray().Count);
        Assert.Empty((await ExplainAsync(token, keys, "--issuer", Issuer, "--audience", "api")).Json["assumptions"]!.AsArray());
    }

    [Fact]
    public void Every_failure_belongs_to_a_check() => Assert.All(
        Enum.GetValues<JwksTokenFailure>(), failure => Assert.InRange(Explanation.IndexOf(failure, TokenContent.Read("")), 0, 100));

    private static string? FailedCheck(ToolRun run) =>
        (string?)Assert.Single(run.Json["checks"]!.AsArray(), check => (string?)check!["result"] == "failed")!["name"];

    private static Task<ToolRun> ExplainAsync(string token, string keys, params string[] arguments) =>
        ToolRun.InProcessAsync(["explain", token, "--jwks", keys, "--json", .. arguments]);

    private async Task<(string Token, string Keys)> MintAsync()
    {
        await _store.KeysAsync("new");
        var file = _store.Beside("jwks.json");
        await File.WriteAllTextAsync(file, (await _store.KeysAsync("export")).Output);
        var token = await ToolRun.InProcessAsync("token", "--store", _store.Path, "--issuer", Issuer, "--audience", "api", "--claim", "tenant=a");
        return (token.Output.Trim(), file);
    }
}
