using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>Validation of DPoP proofs (RFC 9449 section 4.3).</summary>
public class DpopProofTests
{
    private const string IllFormed = "The DPoP proof is malformed or its signature is invalid";
    private const string OtherRequest = "The DPoP proof is for another request";

    [Theory]
    [InlineData("/people/alice%40example.com", "/people/alice%40example.com", true)]
    [InlineData("/people/alice%40example.com", "/people/alice@example.com", true)]
    [InlineData("/people/urn%3Aid%3A7", "/people/urn%3aid%3a7", true)]
    [InlineData("/people/J%C3%BCrgen%20M", "/people/J%C3%BCrgen%20M", true)]
    [InlineData("/people/alice", "/people/Alice", false)]
    [InlineData("/people/alice", "/people/alice%00", false)]
    [InlineData("/people/alice", "/people/alice%2F", false)]
    public async Task Escapes_in_the_path_are_compared_unescaped(string path, string claimed, bool passes)
    {
        await using var api = await DpopApi.StartAsync(map: application => application.MapGet("/people/{name}", (string name) => name).RequireAuthorization());
        var token = api.CreateToken();
        var proof = api.Client.CreateProof(token, claims => claims["htu"] = $"http://localhost{claimed}");

        Assert.Equal(passes ? "200" : DpopApi.Refused(OtherRequest), await api.AskAsync(token, proof, path));
    }

    [Fact]
    public async Task A_proof_can_be_used_once()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        var proof = api.Client.CreateProof(token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.AskAsync(token, proof)));

        Assert.Single(answers, answer => answer == "200");
        Assert.Equal(19, answers.Count(answer => answer == DpopApi.Refused("The DPoP proof was used before")));
    }

    [Theory]
    [InlineData("htm", "\"POST\"", OtherRequest)]
    [InlineData("htu", "\"http://localhost/other\"", OtherRequest)]
    [InlineData("htu", "\"https://localhost/\"", OtherRequest)]
    [InlineData("htu", "\"http://other/\"", OtherRequest)]
    [InlineData("htu", "\"/\"", OtherRequest)]
    [InlineData("htu", "\"http://x@localhost/\"", OtherRequest)]
    [InlineData("htu", "\"http://localhost:81/\"", OtherRequest)]
    [InlineData("ath", "\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"", "The DPoP proof is for another token")]
    [InlineData("ath", "null", "The DPoP proof is for another token")]
    [InlineData("iat", "-61", "The DPoP proof has expired or is not valid yet")]
    [InlineData("iat", "11", "The DPoP proof has expired or is not valid yet")]
    [InlineData("iat", "null", IllFormed)]
    [InlineData("jti", "\"\"", IllFormed)]
    [InlineData("jti", "null", IllFormed)]
    [InlineData("htm", "7", IllFormed)]
    [InlineData("htm", "\"get\"", OtherRequest)]
    public async Task The_claims_of_a_proof_must_match_the_request(string claim, string value, string reason)
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        var proof = api.Client.CreateProof(token, claims =>
            claims[claim] = claim == "iat" && value != "null" ? api.Clock.GetUtcNow().ToUnixTimeSeconds() + int.Parse(value, null) : JsonNode.Parse(value));

        Assert.Equal(DpopApi.Refused(reason), await api.AskAsync(token, proof));
    }

    [Theory]
    [InlineData("typ", "\"JWT\"")]
    [InlineData("typ", "null")]
    [InlineData("alg", "\"none\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", "\"ES384\"")]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("jwk", "{\"kty\":\"oct\",\"k\":\"AAAA\"}")]
    [InlineData("jwk", "null")]
    public async Task The_form_of_a_proof_is_strict(string member, string value)
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();

        var answer = await api.AskAsync(token, api.Client.CreateProof(token, header: header => header[member] = JsonNode.Parse(value)));

        Assert.Equal(DpopApi.Refused(IllFormed), answer);
    }

    [Fact]
    public async Task Several_proofs_are_refused()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Authorization", $"DPoP {token}");
        request.Headers.Add("DPoP", [api.Client.CreateProof(token), api.Client.CreateProof(token)]);
        using var response = await api.SendAsync(request);

        Assert.Equal(DpopApi.Refused("The request must have exactly one DPoP proof"), $"{(int)response.StatusCode} {response.Headers.WwwAuthenticate}");
        Assert.Equal(DpopApi.Refused(IllFormed), await api.AskAsync(token, $"{api.Client.CreateProof(token)}, {api.Client.CreateProof(token)}"));
    }

    [Fact]
    public async Task A_proof_with_a_private_key_is_refused()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();

        var answer = await api.AskAsync(token, api.Client.CreateProof(token, header: header => header["jwk"]!["d"] = "AAAA"));

        Assert.Equal(DpopApi.Refused(IllFormed), answer);
    }

    [Fact]
    public async Task A_proof_with_another_key_is_refused()
    {
        await using var api = await DpopApi.StartAsync();
        using var thief = new DpopClient(api.Clock);
        var token = api.CreateToken();

        Assert.Equal(
            $"401 DPoP error=\"invalid_token\", error_description=\"The token is bound to another key than the DPoP proof\", {DpopApi.Algorithms}",
            await api.AskAsync(token, thief.CreateProof(token)));
        Assert.Equal(DpopApi.Refused(IllFormed), await api.AskAsync(token, thief.CreateProof(token, header: header => header["jwk"] = api.Client.PublicJwk())));
    }
}
