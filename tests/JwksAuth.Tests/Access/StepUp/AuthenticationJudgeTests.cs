using System.Security.Claims;
using JwksAuth.Access.StepUp;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Tests.Access.StepUp;

/// <summary>Which values count as the time and the context of a user's authentication.</summary>
public class AuthenticationJudgeTests
{
    private readonly FakeClock _clock = new();

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    [Theory]
    [InlineData("253402300799")]
    [InlineData("253402300800")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("now")]
    public void A_value_that_is_not_a_past_time_is_not_accepted(string time) => Assert.False(IsRecent(Identity(time)));

    [Fact]
    public void The_earliest_of_several_times_counts()
    {
        var (recent, old) = ($"{Now - 10}", $"{Now - 301}");

        Assert.True(IsRecent(Identity(recent), Identity($"{Now - 300}")));
        Assert.False(IsRecent(Identity(recent), Identity(old)));
        Assert.False(IsRecent(Identity(old), Identity(recent)));
        Assert.False(IsRecent(Identity(recent, old)));
        Assert.False(IsRecent(Identity(recent, "now")));
    }

    [Fact]
    public void An_unauthenticated_identity_is_ignored()
    {
        var unproved = new ClaimsIdentity([new Claim("auth_time", $"{Now}", ClaimValueTypes.Integer64), new Claim("acr", "gold")]);

        Assert.False(IsRecent(unproved));
        Assert.False(Passes(AuthenticationRequirement.OfContext(["gold"]), unproved));
        Assert.True(IsRecent(Identity($"{Now}"), new ClaimsIdentity([new Claim("auth_time", "0", ClaimValueTypes.Integer64)])));
        Assert.True(Passes(AuthenticationRequirement.OfContext(["gold"]), new ClaimsIdentity([new Claim("acr", "gold")], "test")));
    }

    private static ClaimsIdentity Identity(params string[] times) => new(times.Select(time => new Claim("auth_time", time, ClaimValueTypes.Integer64)), "test");

    private bool IsRecent(params ClaimsIdentity[] identities) => Passes(AuthenticationRequirement.OfAge(TimeSpan.FromMinutes(5)), identities);

    private bool Passes(AuthenticationRequirement requirement, params ClaimsIdentity[] identities)
    {
        var context = new AuthorizationHandlerContext([requirement], new ClaimsPrincipal(identities), null);
        new AuthenticationJudge(_clock).Judge(context, requirement);
        return context.HasSucceeded;
    }
}
