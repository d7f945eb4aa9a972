using System.Buffers.Text;
using JwksAuth.Access.Binding;
using JwksAuth.Testing;
using Microsoft.AspNetCore.DataProtection;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>The last moment at which proofs and nonces are valid, and invalid addresses and nonces.</summary>
public class DpopBoundaryTests
{
    [Theory]
    [InlineData(-60, true)]
    [InlineData(-61, false)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task A_proof_is_valid_up_to_its_lifetime_and_the_clock_skew(int seconds, bool passes)
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        var proof = api.Client.CreateProof(token, claims => claims["iat"] = api.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds);

        Assert.Equal(passes ? "200" : DpopApi.Refused("The DPoP proof has expired or is not valid yet"), await api.AskAsync(token, proof));
    }

    [Theory]
    [InlineData(150_000, 200, false)]
    [InlineData(150_001, 200, true)]
    [InlineData(300_000, 200, true)]
    [InlineData(300_001, 401, true)]
    public async Task A_nonce_is_valid_for_its_lifetime_and_a_new_one_is_sent_after_half_of_it(int milliseconds, int status, bool isToldAnother)
    {
        await using var api = await DpopApi.StartAsync(options => options.RequireDpopNonce = true);
        var token = api.CreateToken();
        using var first = await api.SendAsync(token, api.Client.CreateProof(token));
        var nonce = first.Headers.GetValues("DPoP-Nonce").Single();

        api.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        using var response = await api.SendAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = nonce));

        Assert.Equal((status, isToldAnother), ((int)response.StatusCode, response.Headers.Contains("DPoP-Nonce")));
    }

    [Fact]
    public async Task A_proof_of_exactly_8_kilobytes_passes()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        var proofs = Enumerable.Range(0, 900).Select(number => api.Client.CreateProof(
            token, claims => claims["pad"] = new string('x', 5_500 + (number / 3)), header => header["pad"] = new string('x', number % 3)));

        Assert.Equal("200", await api.AskAsync(token, proofs.First(proof => proof.Length == 8 * 1024)));
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("localhost/")]
    [InlineData("http://")]
    public async Task A_proof_without_an_address_is_for_another_request(string address)
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();

        Assert.Equal(DpopApi.Refused("The DPoP proof is for another request"), await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["htu"] = address)));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(7, false)]
    [InlineData(9, false)]
    [InlineData(0, false)]
    public void A_malformed_nonce_is_refused(int length, bool isOurs)
    {
        var protection = new EphemeralDataProtectionProvider();
        var nonce = Base64Url.EncodeToString(protection.CreateProtector("JwksAuth.DpopNonce").Protect(new byte[length]));

        Assert.Equal(isOurs, new DpopNonces(protection, new FakeClock()).AgeOf(nonce) is not null);
    }
}
