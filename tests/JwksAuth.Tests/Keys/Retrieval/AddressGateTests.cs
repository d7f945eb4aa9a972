using JwksAuth.Foundation.Settings;
using JwksAuth.Keys;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tests.Keys.Retrieval;

public class AddressGateTests
{
    private static readonly RetrievalSettings Strict = new(AllowLoopbackHttp: false, AllowAnyHttp: false, null, null);
    private static readonly RetrievalSettings Loopback = Strict with { AllowLoopbackHttp = true };
    private static readonly RetrievalSettings Any = Strict with { AllowAnyHttp = true };

    [Theory]
    [InlineData("https://a.example/keys")]
    [InlineData("https://a.example")]
    [InlineData("https://a.example/@/keys?x=@")]
    [InlineData("https://127.0.0.1/keys?x=1")]
    public void An_https_address_passes(string address) => Assert.Null(FaultOf(address, Strict));

    [Theory]
    [InlineData(null, "is not an absolute https URL")]
    [InlineData("keys", "is not an absolute https URL")]
    [InlineData("ftp://a.example/keys", "is not an absolute https URL")]
    [InlineData("https://user@a.example/keys", "contains user information")]
    [InlineData("https://user:secret@a.example", "contains user information")]
    [InlineData("https://@a.example/keys", "contains user information")]
    [InlineData("https://@a.example", "contains user information")]
    [InlineData("https://@a.example?x=1", "contains user information")]
    [InlineData("https://a.example/keys#part", "has a fragment")]
    [InlineData("http://a.example/keys", "is not https: use https")]
    [InlineData("http://localhost/keys", "is not https: use https")]
    public void Anything_else_is_refused(string? address, string fault) => Assert.StartsWith(fault, FaultOf(address, Strict), StringComparison.Ordinal);

    [Fact]
    public void An_http_address_passes_where_it_is_allowed()
    {
        Assert.Null(FaultOf("http://localhost/keys", Loopback));
        Assert.Null(FaultOf("http://[::1]/keys", Loopback));
        Assert.Null(FaultOf("http://a.example/keys", Any));
        Assert.NotNull(FaultOf("http://user@localhost/keys", Any));
    }

    [Theory]
    [InlineData(true, true, "is http, and its host is not a loopback address: use https, or set AllowInsecureHttp")]
    [InlineData(true, false, "is http, and its host is not a loopback address: use https")]
    [InlineData(false, true, "is not https: use https, or set RequireHttpsMetadata to false for a loopback address (AllowInsecureHttp for any)")]
    [InlineData(false, false, "is not https: use https, or set RequireHttpsMetadata to false for a loopback address")]
    public void A_refused_http_address_is_reported_with_the_options_that_allow_it(bool allowsLoopback, bool offersAny, string fault) =>
        Assert.Equal(fault, FaultOf("http://a.example", Strict with { AllowLoopbackHttp = allowsLoopback, OffersAnyHttp = offersAny }));

    [Theory]
    [InlineData("https://a.example", true, null)]
    [InlineData("https://a.example/tenant?x=1", false, "has a query")]
    [InlineData("https://a.example/.well-known/openid-configuration", false, "is the address of a document")]
    [InlineData("http://a.example", false, "is not https")]
    [InlineData(null, false, null)]
    [InlineData("", false, null)]
    public void An_authority_must_be_a_base_for_well_known_paths(string? address, bool expected, string? fault)
    {
        var faults = new OptionFaults("Section");

        Assert.Equal(expected, ServerAddress.IsUsableAuthority(address, "Authority", Strict, faults));
        Assert.Equal(fault is null ? 0 : 1, faults.All.Count(text => text.Contains($"(Section:Authority) {fault}", StringComparison.Ordinal)));
    }

    private static string? FaultOf(string? address, RetrievalSettings settings)
    {
        Assert.Equal(AddressGate.TryPass(address, settings, out _, out var fault), fault is null);
        return fault;
    }
}
