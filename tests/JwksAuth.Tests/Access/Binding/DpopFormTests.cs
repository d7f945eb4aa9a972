using System.Text.Json.Nodes;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>Proofs with the right key and only a wrong form.</summary>
public class DpopFormTests
{
    private const string IllFormed =
        "401 DPoP error=\"invalid_dpop_proof\", error_description=\"The DPoP proof is malformed or its signature is invalid\", algs=\"RS256 RS512\"";

    [Theory]
    [InlineData("typ", "\"application/dpop+jwt\"", true)]
    [InlineData("kid", "\"1\"", true)]
    [InlineData("kid", "7", false)]
    [InlineData("alg", "\"none\"", false)]
    [InlineData("alg", "\"RS257\"", false)]
    [InlineData("alg", "\"HS256\"", false)]
    [InlineData("alg", "null", false)]
    [InlineData("jwk.alg", "\"RS256\"", true)]
    [InlineData("jwk.alg", "\"RS512\"", false)]
    [InlineData("jwk.use", "\"sig\"", true)]
    [InlineData("jwk.use", "\"enc\"", false)]
    public async Task Each_member_of_the_header_must_fit_the_signature(string member, string value, bool passes)
    {
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = ["RS256", "RS512"]);
        using var client = new DpopClient(api.Clock, "RS256");
        var token = api.CreateToken(client.Thumbprint);
        var proof = client.CreateProof(token, header: header =>
        {
            var (owner, name) = member.StartsWith("jwk.", StringComparison.Ordinal) ? ((JsonObject)header["jwk"]!, member[4..]) : (header, member);
            owner[name] = JsonNode.Parse(value);
        });

        Assert.Equal(passes ? "200" : IllFormed, await api.AskAsync(token, proof));
    }

    [Theory]
    [InlineData("exp", "4102444800", true)]
    [InlineData("exp", "\"4102444800\"", false)]
    [InlineData("nbf", "\"0\"", false)]
    [InlineData("aud", "7", false)]
    public async Task A_registered_claim_of_the_wrong_type_makes_a_proof_invalid(string claim, string value, bool passes)
    {
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = ["RS256", "RS512"]);
        using var client = new DpopClient(api.Clock, "RS256");
        var token = api.CreateToken(client.Thumbprint);

        Assert.Equal(passes ? "200" : IllFormed, await api.AskAsync(token, client.CreateProof(token, claims => claims[claim] = JsonNode.Parse(value))));
    }

    [Theory]
    [InlineData("n")]
    [InlineData("e")]
    public async Task The_form_of_the_key_is_strict(string number)
    {
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = ["RS256", "RS512"]);
        using var client = new DpopClient(api.Clock, "RS256");
        var token = api.CreateToken(client.Thumbprint);
        var proof = client.CreateProof(token, header: header => header["jwk"]![number] = header["jwk"]![number] + (number == "n" ? "==" : "\n"));

        Assert.Equal(IllFormed, await api.AskAsync(token, proof));
    }

    [Theory]
    [InlineData("!")]
    [InlineData("=")]
    public async Task A_signed_text_is_base64url_without_padding(string rest)
    {
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = ["RS256", "RS512"]);
        using var client = new DpopClient(api.Clock, "RS256");
        var token = api.CreateToken(client.Thumbprint);

        Assert.Equal(IllFormed, await api.AskAsync(token, client.CreateProof(token) + rest));
    }

    [Theory]
    [InlineData("no-proof")]
    [InlineData("!!.!!.!!")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.e30.e30")]
    public async Task A_text_that_is_not_a_JWT_is_refused_as_a_proof(string text)
    {
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = ["RS256", "RS512"]);

        Assert.Equal(IllFormed, await api.AskAsync(api.CreateToken(), text));
    }
}
