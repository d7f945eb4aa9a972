using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer.Validation;

/// <summary>The last and the first second of a token, with a clock skew of a minute.</summary>
public class LifetimeBoundaryTests
{
    private const string Refused = "401 Bearer error=\"invalid_token\", error_description=";

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("exp", -59, "200")]
    [InlineData("exp", -60, $"{Refused}\"The token has expired\"")]
    [InlineData("nbf", 60, "200")]
    [InlineData("nbf", 61, $"{Refused}\"The token is not valid yet\"")]
    [InlineData("iat", 60, "200")]
    [InlineData("iat", 61, $"{Refused}\"The token is not valid yet\"")]
    public async Task A_token_is_valid_within_the_clock_skew(string claim, int seconds, string expected)
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await TestApi.StartAsync(issuer, options => options.ClockSkew = TimeSpan.FromMinutes(1));

        Assert.Equal(expected, await api.GetChallengeAsync(issuer.CreateToken(token => token.WithClaim(claim, _clock.GetUtcNow().ToUnixTimeSeconds() + seconds))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_token_has_at_most_the_configured_length(int more)
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        var token = issuer.CreateToken(token => token.WithClaim("pad", JsonValue.Create(new string('x', 2_000))));
        await using var api = await TestApi.StartAsync(issuer, options => options.MaximumTokenLength = token.Length - more);

        Assert.Equal(more == 0 ? "200" : $"{Refused}\"The token is too long\"", await api.GetChallengeAsync(token));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    public async Task An_issuer_of_more_than_1024_characters_is_not_trusted(int length)
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        var name = $"https://issuer.test/{new string('x', length - 20)}";
        await using var api = await TestApi.StartAsync(issuer);

        Assert.Equal($"{Refused}\"The issuer of the token is not trusted\"", await api.GetChallengeAsync(issuer.CreateToken(token => token.WithIssuer(name))));
    }
}
