using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary><c>jwks inspect</c> on key sets of real issuers, and on bad ones.</summary>
public sealed class InspectCommandTests : IDisposable
{
    private static readonly string Vectors = Path.Combine(ToolRun.Repository(), "tests", "JwksAuth.Tests", "Vectors", "jwks");

    private readonly StoreFolder _folder = new();

    public static TheoryData<string> Documents => [.. Index().Select(document => (string)document["file"]!)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_published_set_matches_its_index(string file)
    {
        var document = Index().Single(document => (string?)document["file"] == file);

        var run = await ToolRun.InProcessAsync("inspect", Path.Combine(Vectors, file), "--json");

        var keys = run.Json["keys"]!.AsArray();
        var findings = run.Json["findings"]!.AsArray().Select(finding => ((string?)finding!["keyId"], (string)finding["text"]!)).ToList();
        Assert.Equal((int)document["keys"]!, keys.Count);
        Assert.Equal((int)document["usable_for_signature"]!, keys.Count(key => (bool)key!["isUsable"]!));
        Assert.Equal((int)document["usable_for_signature"]! > 0 ? 0 : 2, run.ExitCode);
        foreach (var (fact, key) in document["facts"]!.AsArray().Zip(keys))
        {
            Assert.Equal((string?)fact!["kid"], (string?)key!["keyId"]);
            Assert.Equal((string?)fact["kty"], (string?)key["keyType"]);
            Assert.Equal((string?)fact["alg"], (string?)key["algorithm"]);
            Assert.Equal((string?)fact["use"], (string?)key["use"]);
            Assert.Equal(((int?)fact["modulus_bits"])?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (string?)fact["crv"], (string?)key["size"]);
            Assert.Equal((bool)fact["usable_for_signature"]!, (bool)key["isUsable"]!);
            AssertFound(fact["x5t_matches_x5c"], findings, (string?)fact["kid"], "x5t is not the thumbprint of the certificate.");
            AssertFound(fact["x5t_s256_matches_x5c"], findings, (string?)fact["kid"], "x5t#S256 is not the thumbprint of the certificate.");
            AssertFound(fact["x5c_matches_key"], findings, (string?)fact["kid"], "The certificate (x5c) belongs to another key.");
        }
    }

    [Theory]
    [InlineData("""{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}""", "SYMMETRIC")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB","d":"AAAA"}]}""", "PRIVATE")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}""", "The RSA modulus has 17 bits")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"},{"kty":"EC","kid":"a","crv":"P-256"}]}""", "2 keys share this kid.")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256"}]}""", "The kid is missing")]
    [InlineData("""{"keys":[]}""", "No key can verify signatures.")]
    [InlineData("""{}""", "Not a JWKS")]
    [InlineData("""{"keys":[1]}""", "is not a JSON object")]
    public async Task A_fault_is_found(string set, string finding)
    {
        var file = _folder.Beside("jwks.json");
        await File.WriteAllTextAsync(file, set);

        var run = await ToolRun.InProcessAsync("inspect", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(finding, run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public async Task An_issuer_is_inspected_by_its_metadata_and_headers()
    {
        await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        issuer.CustomizeMetadata(metadata => metadata["issuer"] = "https://another.example");

        var byIssuer = await ToolRun.InProcessAsync("inspect", issuer.Issuer, "--json");
        var byAddress = await ToolRun.InProcessAsync("inspect", issuer.JwksUri, "--json");

        Assert.Equal(2, byIssuer.ExitCode);
        Assert.Equal(0, byAddress.ExitCode);
        Assert.Equal(issuer.JwksUri, (string?)byIssuer.Json["source"]);
        Assert.Contains(
            byIssuer.Json["findings"]!.AsArray(), finding => ((string)finding!["text"]!).Contains("names issuer 'https://another.example'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "Cache-Control is missing")]
    [InlineData("no-store", "The set must not be cached")]
    [InlineData("max-age=604800", "Caches may keep the set for 7.00:00:00")]
    [InlineData("max-age=300", null)]
    public async Task Caching_headers_are_checked(string? cacheControl, string? finding)
    {
        await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        issuer.Jwks.SetHeader("Cache-Control", cacheControl);

        var run = await ToolRun.InProcessAsync("inspect", issuer.JwksUri, "--json");

        var texts = run.Json["findings"]!.AsArray().Select(found => (string)found!["text"]!).ToList();
        Assert.Equal(0, run.ExitCode);
        Assert.True(finding is null ? texts.Count == 0 : Assert.Single(texts).StartsWith(finding, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none.json", 3)]
    [InlineData("ftp://issuer.example/", 3)]
    [InlineData("http://[", 3)]
    [InlineData("", 1)]
    public async Task An_invalid_source_is_named(string source, int exitCode) =>
        Assert.Equal(exitCode, (await ToolRun.InProcessAsync("inspect", source)).ExitCode);

    [Fact]
    public async Task The_reason_for_an_unreachable_address_is_named()
    {
        await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        await using var tls = await TlsApi.StartAsync(services => services.AddAuthentication());

        Assert.Contains("cannot be reached (ConnectionError, ConnectionRefused)", await ErrorOfAsync($"http://127.0.0.1:{RunningFleet.FreePort()}/"), StringComparison.Ordinal);
        Assert.Contains("has a certificate that is not accepted", await ErrorOfAsync(tls.Address), StringComparison.Ordinal);
        Assert.Contains("cannot be reached (NameResolutionError", await ErrorOfAsync("https://issuer.invalid"), StringComparison.Ordinal);
        Assert.Contains($"{issuer.Issuer}/nothing answers 404", await ErrorOfAsync(issuer.Issuer + "/nothing"), StringComparison.Ordinal);
        Assert.Contains("openid-configuration answers 404", await ErrorOfAsync(issuer.Issuer + "/nothing"), StringComparison.Ordinal);
        issuer.Jwks.Respond(FakeResponse.Status(500));
        Assert.Contains($"{issuer.JwksUri} answers 500", await ErrorOfAsync(issuer.Issuer), StringComparison.Ordinal);
    }

    private static async Task<string> ErrorOfAsync(string source)
    {
        var run = await ToolRun.InProcessAsync("inspect", source);
        Assert.Equal(3, run.ExitCode);
        return run.Error;
    }

    private static void AssertFound(JsonNode? matches, List<(string? KeyId, string Text)> findings, string? keyId, string text)
    {
        if (matches is not null)
            Assert.Equal(!(bool)matches, findings.Contains((keyId, text)));
    }

    private static IEnumerable<JsonNode> Index() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Vectors, "index.json")))!["documents"]!.AsArray().Select(document => document!);
}
