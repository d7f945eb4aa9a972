using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.StepUp;

public class StepUpTests
{
    private const string Insufficient = "401 Bearer error=\"insufficient_user_authentication\", error_description=\"The user must authenticate again, or in another way\"";

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("gold", true)]
    [InlineData("silver", true)]
    [InlineData("bronze", false)]
    [InlineData("GOLD", false)]
    [InlineData(null, false)]
    public async Task The_challenge_names_the_required_acr(string? acr, bool passes)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = issuer.CreateToken(token => _ = acr is null ? token : token.WithClaim("acr", acr));

        Assert.Equal(passes ? "200" : $"{Insufficient}, acr_values=\"gold silver\"", await api.AskAsync("/acr", token));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    [InlineData(null, false)]
    public async Task The_challenge_names_the_maximum_age(int? seconds, bool passes)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = issuer.CreateToken(token => _ = seconds is null ? token : token.WithClaim("auth_time", _clock.GetUtcNow().ToUnixTimeSeconds() + seconds.Value));

        Assert.Equal(passes ? "200" : $"{Insufficient}, max_age=\"300\"", await api.AskAsync("/recent", token));
    }

    [Fact]
    public async Task One_challenge_names_both_and_a_missing_scope_comes_first()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);

        Assert.Equal($"{Insufficient}, acr_values=\"gold\", max_age=\"60\", scope=\"pay\"", await api.AskAsync("/both", issuer.CreateToken(token => token.WithScope("pay"))));
        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"pay\"", await api.AskAsync("/both", issuer.CreateToken()));
        Assert.Equal("401 Bearer scope=\"pay\"", await api.AskAsync("/both"));
    }

    [Fact]
    public void A_rule_without_a_requirement_throws()
    {
        var policy = new AuthorizationPolicyBuilder();

        Assert.Throws<ArgumentException>(() => policy.RequireAcr());
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.RequireRecentAuthentication(TimeSpan.FromSeconds(-1)));
    }

    private Task<TestApi> StartAsync(FakeJwksServer issuer) => AccessApi.StartAsync(
        issuer,
        application =>
        {
            application.MapGet("/acr", () => "").RequireAcr("gold", "silver");
            application.MapGet("/recent", () => "").RequireRecentAuthentication(TimeSpan.FromMinutes(5));
            application.MapGet("/both", () => "").RequireTokenScope("pay").RequireAcr("gold").RequireRecentAuthentication(TimeSpan.FromMinutes(1));
        },
        services => services.AddSingleton<TimeProvider>(_clock));
}
