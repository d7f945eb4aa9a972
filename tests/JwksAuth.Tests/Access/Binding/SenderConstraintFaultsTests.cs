using JwksAuth.Access.Binding;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>Valid options for bound tokens; <see cref="DpopTests"/> covers invalid ones.</summary>
public class SenderConstraintFaultsTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1), Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("ES256", true)]
    [InlineData("RS512 ES512", true)]
    [InlineData("ES256 HS256", false)]
    [InlineData("", false)]
    public void At_least_one_algorithm_is_required_and_each_is_asymmetric(string names, bool isRight) =>
        Assert.Equal(isRight, SenderConstraintFaults.HasAlgorithms(new JwksSenderConstraintOptions { DpopAlgorithms = names.Split(' ', StringSplitOptions.RemoveEmptyEntries) }));

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void One_method_is_enough(bool certificates, bool dpop, bool isRight) =>
        Assert.Equal(isRight, SenderConstraintFaults.HasMethod(new JwksSenderConstraintOptions { Certificates = certificates, Dpop = dpop }));

    [Theory]
    [InlineData("https://api.example.com", true)]
    [InlineData("https://api.example.com:8443/", true)]
    [InlineData("http://localhost", true)]
    [InlineData("https://api.example.com/#part", false)]
    [InlineData("https://api.example.com/v1", false)]
    [InlineData("https://api.example.com/?x", false)]
    [InlineData("https://user@api.example.com/", false)]
    [InlineData("ws://api.example.com/", false)]
    [InlineData("api.example.com", false)]
    [InlineData("", false)]
    public void An_origin_is_scheme_host_and_port(string origin, bool isRight) =>
        Assert.Equal(isRight, SenderConstraintFaults.HasOrigins(new JwksSenderConstraintOptions { DpopOrigins = ["https://first.example.com", origin] }));

    [Fact]
    public void Times_are_valid_up_to_their_limits()
    {
        Assert.True(Has(Tick, TimeSpan.Zero, Tick));
        Assert.True(Has(Hour, Hour, Hour * 24));
        Assert.False(Has(TimeSpan.Zero, TimeSpan.Zero, Tick));
        Assert.False(Has(Hour + Tick, Hour, Hour));
        Assert.False(Has(Hour, -Tick, Hour));
        Assert.False(Has(Hour, Hour + Tick, Hour));
        Assert.False(Has(Hour, Hour, TimeSpan.Zero));

        static bool Has(TimeSpan lifetime, TimeSpan skew, TimeSpan nonces) =>
            SenderConstraintFaults.HasTimes(new JwksSenderConstraintOptions { DpopProofLifetime = lifetime, DpopClockSkew = skew, DpopNonceLifetime = nonces });
    }
}
