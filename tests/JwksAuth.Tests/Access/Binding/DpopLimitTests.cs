using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>Limits and addresses of DPoP proofs.</summary>
public class DpopLimitTests
{
    private const string IllFormed = "The DPoP proof is malformed or its signature is invalid";
    private const string OtherRequest = "The DPoP proof is for another request";

    [Fact]
    public async Task A_proof_has_at_most_8_kilobytes()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        string[] proofs = [.. Enumerable.Range(5_300, 500).Select(length => api.Client.CreateProof(token, claims => claims["pad"] = new string('x', length)))];

        Assert.Equal("200", await api.AskAsync(token, proofs.Last(proof => proof.Length <= 8 * 1024)));
        Assert.Equal(DpopApi.Refused(IllFormed), await api.AskAsync(token, proofs.First(proof => proof.Length > 8 * 1024)));
    }

    [Fact]
    public async Task An_identifier_has_at_most_256_characters()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();

        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["jti"] = new string('x', 256))));
        Assert.Equal(DpopApi.Refused(IllFormed), await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["jti"] = new string('x', 257))));
    }

    [Theory]
    [InlineData("!!", 0)]
    [InlineData("AAAA=", 0)]
    [InlineData("AAA=AAA", 0)]
    [InlineData("AAAAA", 0)]
    [InlineData(" ", 1)]
    [InlineData("A A A A", 1)]
    [InlineData("\u00e4", 0)]
    [InlineData("", 0)]
    [InlineData("AAAA", 1)]
    [InlineData("512", 1)]
    [InlineData("514", 0)]
    public async Task An_unknown_nonce_is_answered_with_a_valid_one(string nonce, int opened)
    {
        var protection = new CountedProtection();
        await using var api = await DpopApi.StartAsync(options => options.RequireDpopNonce = true, services => services.AddSingleton<IDataProtectionProvider>(protection));
        var token = api.CreateToken();
        var text = int.TryParse(nonce, out var length) ? new string('A', length) : nonce;

        using var response = await api.SendAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = text));

        Assert.StartsWith("DPoP error=\"use_dpop_nonce\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal((401, true), ((int)response.StatusCode, response.Headers.Contains("DPoP-Nonce")));
        Assert.Equal(opened, protection.Opened);
    }

    [Fact]
    public async Task A_nonce_from_the_future_is_refused()
    {
        await using var api = await DpopApi.StartAsync(options => options.RequireDpopNonce = true);
        var token = api.CreateToken();
        using var first = await api.SendAsync(token, api.Client.CreateProof(token));
        var nonce = first.Headers.GetValues("DPoP-Nonce").Single();

        api.Clock.ShiftWallClock(TimeSpan.FromSeconds(-10));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = nonce)));
        api.Clock.ShiftWallClock(TimeSpan.FromSeconds(-1));
        Assert.StartsWith("401 DPoP error=\"use_dpop_nonce\"", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = nonce)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_path_of_a_proof_includes_the_path_base_of_the_application()
    {
        await using var api = await DpopApi.StartAsync(configureServices: services => services.AddSingleton<IStartupFilter>(new Before(pathBase: "/base")));
        var token = api.CreateToken();

        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["htu"] = "http://localhost/base/"), "/base/"));
        Assert.Equal(DpopApi.Refused(OtherRequest), await api.AskAsync(token, api.Client.CreateProof(token), "/base/"));
        Assert.Equal(DpopApi.Refused(OtherRequest), await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["htu"] = "http://localhost/base/")));
    }

    [Theory]
    [InlineData("https://api.example.com/", true)]
    [InlineData("https://api.example.com:443/", true)]
    [InlineData("HTTPS://API.example.com/?page=2", true)]
    [InlineData("https://api.internal:8443/", true)]
    [InlineData("https://api.internal/", false)]
    [InlineData("http://api.example.com/", false)]
    [InlineData("http://billing.example.com/", false)]
    [InlineData("https://api.example.com.evil.test/", false)]
    [InlineData("https://api.example.com/other", false)]
    public async Task The_Host_header_is_ignored_if_origins_are_configured(string address, bool passes)
    {
        await using var api = await DpopApi.StartAsync(options => options.DpopOrigins = ["https://api.example.com", "https://api.internal:8443/"]);
        var token = api.CreateToken();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = new Uri(address).Host;
        request.Headers.Add("Authorization", $"DPoP {token}");
        request.Headers.Add("DPoP", api.Client.CreateProof(token, claims => claims["htu"] = address));

        using var response = await api.SendAsync(request);

        Assert.Equal(passes ? "200" : DpopApi.Refused(OtherRequest), $"{(int)response.StatusCode} {response.Headers.WwwAuthenticate}".TrimEnd());
    }

    private sealed class CountedProtection : IDataProtectionProvider, IDataProtector
    {
        public int Opened { get; private set; }

        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => plaintext;

        public byte[] Unprotect(byte[] protectedData)
        {
            Opened++;
            throw new CryptographicException();
        }
    }
}
