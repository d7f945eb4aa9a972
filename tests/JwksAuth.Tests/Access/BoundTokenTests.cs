using System.Text.Json.Nodes;

namespace JwksAuth.Tests.Access;

public class BoundTokenTests
{
    [Theory]
    [InlineData("{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}")]
    [InlineData("{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"}")]
    [InlineData("{\"kid\":\"1\"}")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("0")]
    public async Task A_bound_token_is_refused_as_a_plain_one(string confirmation)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken(token => token.WithClaim("cnf", JsonNode.Parse(confirmation)));

        // The second time, the token is in the cache of validated tokens.
        const string Refused = "401 Bearer error=\"invalid_token\", error_description=\"The token is bound to a key, which the request does not prove\"";
        Assert.Equal(Refused, await api.AskAsync("/", token));
        Assert.Equal(Refused, await api.AskAsync("/", token));
    }
}
