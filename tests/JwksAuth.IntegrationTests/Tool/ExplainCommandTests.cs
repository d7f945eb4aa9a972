using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using JwksAuth.Tool.Explain;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Spectre.Console;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary><c>jwks explain</c>, and <c>jwks token</c> with it.</summary>
public sealed class ExplainCommandTests : IDisposable
{
    private const string Issuer = "https://issuer.example";

    private readonly StoreFolder _store = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _store.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task A_valid_token_passes_every_check_and_its_signature_is_not_shown()
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
    public async Task A_tampered_token_fails_at_the_signature_and_a_revoked_key_at_the_key()
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
    public async Task Junk_fails_the_check_of_the_form()
    {
        var (_, keys) = await MintAsync();

        Assert.Equal("form", FailedCheck(await ExplainAsync("a.b", keys, "--issuer", Issuer)));
        var junk = await ToolRun.InProcessAsync("explain", "junk", "--json");
        Assert.Equal("form", FailedCheck(junk));
        Assert.Equal("1 part", (string?)junk.Json["checks"]![0]!["detail"]);
        Assert.DoesNotContain("issuer.invalid", junk.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-70000000000")]
    [InlineData("1e300")]
    [InlineData("\"-70000000000\"")]
    public async Task A_time_that_is_not_a_date_fails_the_check_of_the_form(string time)
    {
        var header = Base64UrlEncoder.Encode("""{"alg":"ES256","typ":"JWT"}""");
        var claims = Base64UrlEncoder.Encode("{\"iss\":\"" + Issuer + "\",\"exp\":" + time + "}");

        var run = await ToolRun.InProcessAsync("explain", $"{header}.{claims}.{new string('A', 86)}", "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("form", FailedCheck(run));
    }

    [Fact]
    public async Task A_token_without_an_issuer_fails_at_the_issuer_and_causes_no_fetch()
    {
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            "{}", new SigningCredentials(new ECDsaSecurityKey(ECDsa.Create()), "ES256"));

        var run = await ToolRun.InProcessAsync("explain", token, "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("issuer named", FailedCheck(run));
    }

    [Fact]
    public async Task An_unreachable_issuer_gives_no_verdict_on_the_token()
    {
        var (token, _) = await MintAsync();

        var run = await ToolRun.InProcessAsync("explain", token, "--issuer", "http://issuer.example", "--json");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("is not https", (string?)run.Json["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_output_names_every_assumption()
    {
        var (token, keys) = await MintAsync();

        Assert.Equal(2, (await ExplainAsync(token, keys)).Json["assumptions"]!.AsArray().Count);
        Assert.Empty((await ExplainAsync(token, keys, "--issuer", Issuer, "--audience", "api")).Json["assumptions"]!.AsArray());
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer  {0} ")]
    [InlineData("DPoP {0}")]
    [InlineData("Authorization: Bearer {0}")]
    [InlineData("authorization:Bearer {0}")]
    public async Task The_scheme_before_a_token_from_a_header_is_removed(string form)
    {
        var (token, keys) = await MintAsync();

        Assert.Equal(0, (await ExplainAsync(form.Replace("{0}", token, StringComparison.Ordinal), keys)).ExitCode);
    }

    [Fact]
    public async Task All_checks_run_for_an_expired_token()
    {
        var keys = await PublishKeyAsync();
        var expired = Sign($$"""{"iss":"{{Issuer}}","aud":"api","iat":1500000000,"exp":1500000300}""");
        var forged = expired[..^4] + (expired[^4] == 'A' ? 'B' : 'A') + expired[^3..];

        var good = await ExplainAsync(expired, keys, "--issuer", Issuer, "--audience", "api");
        var wrong = await ExplainAsync(forged, keys, "--issuer", "https://another.example", "--audience", "other");

        Assert.Equal((2, "expired"), (good.ExitCode, (string?)good.Json["failure"]));
        Assert.Equal(["expiry"], Names(good, "failed"));
        Assert.Empty(Names(good, "notReached"));
        Assert.Equal((2, "expired"), (wrong.ExitCode, (string?)wrong.Json["failure"]));
        Assert.Equal(["expiry", "issuer", "audience", "signature"], Names(wrong, "failed"));
        Assert.Equal(["application"], Names(wrong, "notReached"));
    }

    [Theory]
    [InlineData("""{"iss":"I","aud":"api","exp":1500000300}""", "JWT", "issued at", "expiry")]
    [InlineData("""{"iss":"I","aud":"api","iat":1500000000}""", "JWT", "expiry")]
    [InlineData("""{"iss":"I","aud":"api","iat":1500000000,"exp":9500000300,"nbf":9500000000}""", "JWT", "not before")]
    [InlineData("""{"iss":"I","aud":"api","iat":1500000000,"exp":1500000300,"nbf":9500000000}""", "JWT", "expiry", "not before")]
    [InlineData("""{"iss":"I","aud":"api","iat":1500000000,"exp":1500000300}""", "logout+jwt", "type", "expiry")]
    [InlineData("""{"iss":"I","iat":1500000000,"exp":1500000300}""", "JWT", "expiry", "audience")]
    public async Task Every_fault_is_found(string claims, string type, params string[] failed)
    {
        var keys = await PublishKeyAsync();
        var token = Sign(claims.Replace("\"I\"", $"\"{Issuer}\"", StringComparison.Ordinal), type);

        var run = await ExplainAsync(token, keys, "--issuer", Issuer, "--audience", "api");

        Assert.Equal(failed, Names(run, "failed"));
        Assert.Empty(Names(run, "notReached"));
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task The_table_shows_expected_and_actual_values_and_readable_times()
    {
        var (token, keys) = await MintAsync();

        var run = await ExplainAsync(token, keys, "--issuer", "https://another.example", "--audience", "other", "--audience", "third");
        var text = (await ToolRun.InProcessAsync("explain", token, "--jwks", keys, "--issuer", "https://another.example")).Output;

        var issuer = Check(run, "issuer");
        Assert.Equal(("https://another.example", $"iss {Issuer}"), ((string?)issuer["expected"], (string?)issuer["detail"]));
        Assert.Equal(("other or third", "aud api"), ((string?)Check(run, "audience")["expected"], (string?)Check(run, "audience")["detail"]));
        var judgedAt = run.Json["judgedAt"]!.GetValue<DateTimeOffset>();
        Assert.InRange(Check(run, "expiry")["time"]!.GetValue<DateTimeOffset>(), judgedAt, judgedAt + TimeSpan.FromMinutes(10));
        Assert.Contains("another.example", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Theory]
    [InlineData("accounts.example.com")]
    [InlineData("my issuer")]
    [InlineData("urn:example:issuer")]
    [InlineData("http://issuer.example")]
    [InlineData("ftp://issuer.example")]
    [InlineData("https://127.0.0.1:1/")]
    [InlineData("https://10.0.0.1/latest/meta-data")]
    [InlineData("https://[::1]:1/")]
    public async Task A_token_whose_keys_are_not_fetched_gets_a_table_too(string issuer)
    {
        var keys = await PublishKeyAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var token = Sign($$"""{"iss":"{{issuer}}","aud":"api","iat":{{now}},"exp":{{now + 300}}}""");

        var unknown = await ToolRun.InProcessAsync("explain", token, "--audience", "api", "--json");
        var known = await ExplainAsync(token, keys, "--audience", "api");

        Assert.Equal(3, unknown.ExitCode);
        Assert.Equal(["keys"], Names(unknown, "failed"));
        Assert.Equal(["key", "signature", "application"], Names(unknown, "notReached"));
        Assert.Contains("--jwks", (string?)unknown.Json["assumptions"]![0], StringComparison.Ordinal);
        Assert.Equal(0, known.ExitCode);
    }

    [Fact]
    public async Task The_output_names_the_address_that_was_taken_from_the_token()
    {
        await using var issuer = await FakeJwksServer.StartAsync();

        var run = await ToolRun.InProcessAsync("explain", issuer.CreateToken(), "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"its keys were fetched from {issuer.Issuer}", (string?)run.Json["assumptions"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_shows_the_verdict_in_colours()
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard });

        ExplainCommand.Show(console, new Explanation(JwksTokenFailure.Expired, "The token has expired", DateTimeOffset.UnixEpoch, [new Check("expiry", CheckResult.Failed, "later", "exp 1")]));

        Assert.Contains("\u001b[1;", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_failure_belongs_to_a_check() => Assert.All(
        Enum.GetValues<JwksTokenFailure>(), failure => Assert.InRange(Explanation.IndexOf(failure, TokenContent.Read("")), 0, 100));

    private static string? FailedCheck(ToolRun run) =>
        (string?)Assert.Single(run.Json["checks"]!.AsArray(), check => (string?)check!["result"] == "failed")!["name"];

    private static List<string> Names(ToolRun run, string result) =>
        [.. run.Json["checks"]!.AsArray().Where(check => (string?)check!["result"] == result).Select(check => (string)check!["name"]!)];

    private static JsonNode Check(ToolRun run, string name) => Assert.Single(run.Json["checks"]!.AsArray(), check => (string?)check!["name"] == name)!;

    private string Sign(string claims, string type = "JWT")
    {
        var input = $"{Base64UrlEncoder.Encode($$"""{"alg":"ES256","typ":"{{type}}","kid":"k"}""")}.{Base64UrlEncoder.Encode(claims)}";
        return $"{input}.{Base64UrlEncoder.Encode(_key.SignData(System.Text.Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private async Task<string> PublishKeyAsync()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var file = _store.Beside("published.json");
        await File.WriteAllTextAsync(file, $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}]}""");
        return file;
    }

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
