using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>Requests with bound and with plain tokens (RFC 9449 section 7).</summary>
public class DpopTests
{
    public static TheoryData<string, Action<JwksSenderConstraintOptions>> Faults => new()
    {
        { "DpopAlgorithms must name", options => options.DpopAlgorithms = ["HS256"] },
        { "DpopAlgorithms must name", options => options.DpopAlgorithms = ["ES256", "none"] },
        { "DpopAlgorithms must name", options => options.DpopAlgorithms = [] },
        { "Certificates and Dpop are both off", options => (options.Certificates, options.Dpop) = (false, false) },
        { "DpopProofLifetime must be positive", options => options.DpopProofLifetime = TimeSpan.Zero },
        { "DpopProofLifetime must be positive", options => options.DpopProofLifetime = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) },
        { "DpopClockSkew between zero", options => options.DpopClockSkew = TimeSpan.FromTicks(-1) },
        { "DpopClockSkew between zero", options => options.DpopClockSkew = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) },
        { "DpopNonceLifetime positive", options => options.DpopNonceLifetime = TimeSpan.Zero },
        { "DpopOrigins must be", options => options.DpopOrigins = ["api.example.com"] },
        { "DpopOrigins must be", options => options.DpopOrigins = ["https://api.example.com/v1"] },
        { "DpopOrigins must be", options => options.DpopOrigins = ["https://api.example.com?x"] },
        { "DpopOrigins must be", options => options.DpopOrigins = ["https://user@api.example.com"] },
        { "DpopOrigins must be", options => options.DpopOrigins = ["ftp://api.example.com"] },
    };

    [Fact]
    public async Task A_bound_token_passes_with_a_proof_for_each_request()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();

        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token), "/?page=2"));
    }

    [Fact]
    public async Task A_cached_token_still_needs_a_proof()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));

        Assert.Equal(DpopApi.Refused("The request must have exactly one DPoP proof"), await api.AskAsync(token, null));
        Assert.Equal(
            $"401 Bearer error=\"invalid_token\", error_description=\"The token is bound to a key and must be sent with the DPoP scheme\", DPoP {DpopApi.Algorithms}",
            await api.AskAsync(token, api.Client.CreateProof(token), scheme: "Bearer"));
    }

    [Theory]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task The_name_of_the_scheme_is_case_insensitive(string scheme)
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();

        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token), scheme: scheme));
        Assert.Equal(DpopApi.Refused("The request must have exactly one DPoP proof"), await api.AskAsync(token, null, scheme: scheme));
    }

    [Fact]
    public async Task A_token_that_is_not_bound_passes_only_with_the_Bearer_scheme()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateUnboundToken();

        Assert.Equal("200", await api.AskAsync(token, null, scheme: "Bearer"));
        Assert.Equal(
            $"401 DPoP error=\"invalid_token\", error_description=\"The token is not bound to the key of a DPoP proof\", {DpopApi.Algorithms}",
            await api.AskAsync(token, api.Client.CreateProof(token)));
    }

    [Fact]
    public async Task Only_bound_tokens_pass_if_they_are_required()
    {
        await using var api = await DpopApi.StartAsync(options => options.Required = true);
        var token = api.CreateToken();

        Assert.Equal(
            $"401 Bearer error=\"invalid_token\", error_description=\"The token is not bound to a key, which the API requires\", DPoP {DpopApi.Algorithms}",
            await api.AskAsync(api.CreateUnboundToken(), null, scheme: "Bearer"));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
    }

    [Fact]
    public async Task The_challenge_names_the_schemes_that_a_token_can_be_sent_with()
    {
        await using var both = await DpopApi.StartAsync();
        await using var only = await DpopApi.StartAsync(options => (options.Required, options.Certificates) = (true, false));

        Assert.Equal($"401 Bearer, DPoP {DpopApi.Algorithms}", await both.GetChallengeAsync());
        Assert.Equal($"401 DPoP {DpopApi.Algorithms}", await only.GetChallengeAsync());
    }

    [Fact]
    public async Task A_required_nonce_is_sent_to_the_client_and_accepted_until_it_expires()
    {
        await using var api = await DpopApi.StartAsync(options => options.RequireDpopNonce = true);
        var token = api.CreateToken();

        using var first = await api.SendAsync(token, api.Client.CreateProof(token));
        Assert.Equal($"DPoP error=\"use_dpop_nonce\", error_description=\"The DPoP proof must contain the nonce from this response\", {DpopApi.Algorithms}", first.Headers.WwwAuthenticate.ToString());
        var nonce = first.Headers.GetValues("DPoP-Nonce").Single();

        using var second = await api.SendAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = nonce));
        Assert.Equal(200, (int)second.StatusCode);
        Assert.False(second.Headers.Contains("DPoP-Nonce"));

        api.Clock.Advance(TimeSpan.FromMinutes(3));
        using var third = await api.SendAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = nonce));
        Assert.Equal(200, (int)third.StatusCode);
        Assert.True(third.Headers.Contains("DPoP-Nonce"));

        api.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.StartsWith("401 DPoP error=\"use_dpop_nonce\"", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = nonce)), StringComparison.Ordinal);
        Assert.StartsWith("401 DPoP error=\"use_dpop_nonce\"", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = "AAAA")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_with_a_nonce_is_no_store_unless_the_endpoint_overrides_that()
    {
        await using var api = await DpopApi.StartAsync(
            options => options.RequireDpopNonce = true,
            map: application => application.MapGet("/kept", (HttpContext context) => context.Response.Headers.CacheControl = "private, max-age=5").RequireAuthorization());
        var token = api.CreateToken();
        using var refused = await api.SendAsync(token, api.Client.CreateProof(token));
        var nonce = refused.Headers.GetValues("DPoP-Nonce").Single();
        api.Clock.Advance(TimeSpan.FromMinutes(3));

        using var passed = await api.SendAsync(token, api.Client.CreateProof(token, claims => claims["nonce"] = nonce));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kept");
        request.Headers.Add("Authorization", $"DPoP {token}");
        request.Headers.Add("DPoP", api.Client.CreateProof(token, claims => (claims["nonce"], claims["htu"]) = (nonce, "http://localhost/kept")));
        using var kept = await api.SendAsync(request);

        Assert.True(passed.Headers.Contains("DPoP-Nonce"));
        Assert.Equal(["no-store", "no-store", "max-age=5, private"], new[] { refused, passed, kept }.Select(response => response.Headers.CacheControl?.ToString()));
    }

    [Fact]
    public async Task Without_AddJwksSenderConstraint_the_DPoP_scheme_is_unknown()
    {
        var clock = new FakeClock();
        using var client = new DpopClient(clock);
        await using var issuer = await AccessApi.StartIssuerAsync(clock);
        await using var api = await TestApi.StartAsync(issuer);
        var token = client.CreateToken(issuer);

        Assert.Equal("401 Bearer", await DpopClient.AskAsync(api, token, client.CreateProof(token)));
    }

    [Fact]
    public async Task Opaque_tokens_can_be_bound_too()
    {
        await using var api = await DpopApi.StartAsync(scheme: JwksAuthDefaults.IntrospectionScheme);
        var token = api.CreateToken();

        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
        Assert.Equal(DpopApi.Refused("The request must have exactly one DPoP proof"), await api.AskAsync(token, null));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData(JwksAuthDefaults.IntrospectionScheme)]
    public async Task A_failing_replay_cache_is_answered_with_503_and_accepts_no_proof(string scheme)
    {
        await using var api = await DpopApi.StartAsync(configureServices: services => services.AddSingleton<IJwksReplayCache, BrokenReplayCache>(), scheme: scheme);
        var token = api.CreateToken();

        Assert.Equal("503", await api.AskAsync(token, api.Client.CreateProof(token)));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["htu"] = "http://localhost/open"), "/open"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Invalid_options_stop_the_host(string message, Action<JwksSenderConstraintOptions> configure)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => DpopApi.StartAsync(configure));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private sealed class BrokenReplayCache : IJwksReplayCache
    {
        public ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken) => throw new TimeoutException("The store does not answer.");
    }
}
