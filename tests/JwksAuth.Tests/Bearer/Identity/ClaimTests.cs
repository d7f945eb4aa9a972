using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer.Identity;

/// <summary>The claims and types that a token must have. No test here causes a second fetch.</summary>
public sealed class ClaimTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    public static TheoryData<string, Action<FakeToken>> BadTokens => new()
    {
        { "The token has no exp claim", token => token.WithoutClaim("exp") },
        { "The token has no iat claim", token => token.WithoutClaim("iat") },
        { "The token has no iat claim", token => token.WithoutClaim("iat").WithoutClaim("exp") },
        { "The token has no aud claim", token => token.WithoutClaim("aud") },
        { "The token is meant for another audience", token => token.WithAudience("other", "others") },
        { "The token is meant for another audience", token => token.WithAudience("API") },
        { "The token has no iss claim", token => token.WithoutClaim("iss") },
        { "The issuer of the token is not trusted", token => token.WithIssuer("https://other.test") },
        { "The issuer of the token is not trusted", token => token.WithIssuer("https://issuer.test/") },
        { "The token has expired", token => token.Expired() },
        { "The token has expired", token => token.WithLifetime(TimeSpan.FromSeconds(-60)) },
        { "The token is not valid yet", token => token.WithNotBefore(new DateTimeOffset(2030, 1, 1, 0, 1, 1, TimeSpan.Zero)) },
        { "The token is not valid yet", token => token.WithIssuedAt(new DateTimeOffset(2030, 1, 1, 0, 1, 1, TimeSpan.Zero)) },
        { "The token is of a type that is not accepted", token => token.WithType("logout+jwt") },
        { "The token is of a type that is not accepted", token => token.WithType("dpop+jwt") },
        { "The token is of a type that is not accepted", token => token.WithType("") },
        { "The signature key of the token was not found", token => token.WithUnknownKeyId() },
        { "The signature of the token is invalid", token => token.WithWrongSignature() },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_refused_with_its_reason(string reason, Action<FakeToken> spoil)
    {
        await using var api = await TestApi.StartAsync(_issuer);
        Assert.Equal("200", await api.GetChallengeAsync(_issuer.CreateToken()));

        Assert.Equal($"401 Bearer error=\"invalid_token\", error_description=\"{reason}\"", await api.GetChallengeAsync(_issuer.CreateToken(spoil)));
        Assert.Equal(reason.Contains("key of the token was not found") ? 2 : 1, _issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    [InlineData("JWT")]
    [InlineData(null)]
    public async Task The_usual_types_pass(string? type)
    {
        await using var api = await TestApi.StartAsync(_issuer);

        Assert.Equal("200", await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithType(type))));
    }

    [Theory]
    [InlineData("at+jwt", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData("JWT", false)]
    [InlineData(null, false)]
    public async Task Only_access_tokens_pass_when_their_type_is_required(string? type, bool passes)
    {
        await using var api = await TestApi.StartAsync(_issuer, options => options.RequireAccessTokenType = true);

        Assert.Equal(passes ? 200 : 401, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithType(type))));
    }

    [Fact]
    public async Task The_accepted_types_can_be_configured()
    {
        await using var api = await TestApi.StartAsync(_issuer, options => options.ValidTypes = ["logout+jwt"]);

        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithType("logout+jwt"))));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithType(null))));
    }

    [Fact]
    public async Task Each_rule_has_its_option()
    {
        await using var api = await TestApi.StartAsync(_issuer, options =>
        {
            options.RequireIssuedAt = false;
            options.AcceptAnyAudience = true;
            options.ClockSkew = TimeSpan.Zero;
        });

        Assert.Equal("200", await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithoutClaim("iat"))));
        Assert.Equal("200", await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithoutClaim("aud"))));
        Assert.Equal("200", await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithLifetime(TimeSpan.FromSeconds(1)))));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithLifetime(TimeSpan.Zero))));
    }

    [Fact]
    public async Task The_default_clock_skew_is_a_minute()
    {
        await using var api = await TestApi.StartAsync(_issuer);

        Assert.Equal("200", await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithLifetime(TimeSpan.FromSeconds(-59)))));
    }

    [Fact]
    public async Task An_application_that_fails_on_a_repeated_token_refuses_it()
    {
        var calls = 0;
        await using var api = await TestApi.StartAsync(_issuer, options => options.TokenValidationParameters.NameClaimTypeRetriever =
            (_, _) => ++calls > 2 ? throw new InvalidOperationException("The directory does not answer.") : "sub");
        var token = _issuer.CreateToken();

        // A token is verified twice; on the third use only its identity is created.
        Assert.Equal("200", await api.GetChallengeAsync(token));
        Assert.Equal("200", await api.GetChallengeAsync(token));
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await api.GetChallengeAsync(token), StringComparison.Ordinal);
    }
}
