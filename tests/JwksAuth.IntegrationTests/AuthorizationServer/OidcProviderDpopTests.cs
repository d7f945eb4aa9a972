using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Bound tokens of a real server at an API with this package, with proofs created by client libraries (RFC 9449).</summary>
public sealed class OidcProviderDpopTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    private const string Resource = "urn:api:es256";
    private const string Algorithms = "algs=\"ES256\"";

    [SkippableFact]
    public async Task A_token_needs_a_new_proof_for_each_request()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync();
        var token = await GetTokenAsync();
        var proof = await CreateProofAsync(api, token);

        Assert.Equal("200", await AskAsync(api, token, proof));
        Assert.Equal(Refused("The DPoP proof was used before"), await AskAsync(api, token, proof));
        Assert.Equal("200", await AskAsync(api, token, await CreateProofAsync(api, token)));
    }

    [SkippableTheory]
    [InlineData("htu", "https://elsewhere.example/", "The DPoP proof is for another request")]
    [InlineData("htm", "POST", "The DPoP proof is for another request")]
    [InlineData("ath", "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", "The DPoP proof is for another token")]
    public async Task A_proof_for_anything_else_is_refused(string claim, string value, string reason)
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync();
        var token = await GetTokenAsync();

        var proof = await CreateProofAsync(api, token, claims: new JsonObject { [claim] = value });

        Assert.Equal(Refused(reason), await AskAsync(api, token, proof));
    }

    [SkippableFact]
    public async Task A_token_passes_only_for_the_owner_of_its_key()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync();
        var token = await GetTokenAsync();

        Assert.Equal(
            $"401 DPoP error=\"invalid_token\", error_description=\"The token is bound to another key than the DPoP proof\", {Algorithms}",
            await AskAsync(api, token, await CreateProofAsync(api, token, key: "thief")));
        Assert.Equal(Refused("The request must have exactly one DPoP proof"), await AskAsync(api, token, null));
        Assert.Equal(
            $"401 Bearer error=\"invalid_token\", error_description=\"The token is bound to a key and must be sent with the DPoP scheme\", DPoP {Algorithms}",
            await AskAsync(api, token, await CreateProofAsync(api, token), "Bearer"));
    }

    [SkippableFact]
    public async Task A_client_library_repeats_its_request_with_a_required_nonce()
    {
        fixture.SkipWhenUnavailable();
        await using var plain = await StartApiAsync();
        await using var strict = await StartApiAsync(options => options.RequireDpopNonce = true);

        var atOnce = await CallAsync(plain);
        var told = await CallAsync(strict);

        Assert.Equal("{\"tokenType\":\"dpop\",\"challenges\":[],\"status\":200,\"body\":\"in\"}", atOnce.ToJsonString());
        Assert.Equal("{\"tokenType\":\"dpop\",\"challenges\":[\"dpop use_dpop_nonce\"],\"status\":200,\"body\":\"in\"}", told.ToJsonString());
    }

    [SkippableFact]
    public async Task A_required_nonce_is_in_the_response()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await StartApiAsync(options => options.RequireDpopNonce = true);
        var token = await GetTokenAsync();
        var demand = $"401 DPoP error=\"use_dpop_nonce\", error_description=\"The DPoP proof must contain the nonce from this response\", {Algorithms}";

        using var refused = await SendAsync(api, token, await CreateProofAsync(api, token));
        var nonce = Assert.Single(refused.Headers.GetValues("DPoP-Nonce"));

        Assert.Equal(demand, Describe(refused));
        Assert.Equal("200", await AskAsync(api, token, await CreateProofAsync(api, token, claims: new JsonObject { ["nonce"] = nonce })));
        Assert.Equal(demand, await AskAsync(api, token, await CreateProofAsync(api, token, claims: new JsonObject { ["nonce"] = "made-up" })));
    }

    private static string Refused(string reason) => $"401 DPoP error=\"invalid_dpop_proof\", error_description=\"{reason}\", {Algorithms}";

    private static string Describe(HttpResponseMessage response) => $"{(int)response.StatusCode} {string.Join(", ", response.Headers.WwwAuthenticate)}".TrimEnd();

    private async Task<string> GetTokenAsync()
    {
        var proof = await fixture.CreateDpopProofAsync(new JsonObject { ["key"] = "owner", ["method"] = "POST", ["url"] = fixture.TokenEndpoint.AbsoluteUri });
        return await fixture.GetTokenAsync(Resource, "caller-dpop", configure: request => request.Headers.Add("DPoP", proof));
    }

    private Task<string> CreateProofAsync(KestrelApi api, string token, string key = "owner", JsonObject? claims = null) =>
        fixture.CreateDpopProofAsync(new JsonObject { ["key"] = key, ["method"] = "GET", ["url"] = api.Address.AbsoluteUri, ["token"] = token, ["claims"] = claims });

    private Task<JsonObject> CallAsync(KestrelApi api) => fixture.CallWithDpopAsync(
        new JsonObject { ["clientId"] = "caller-dpop", ["clientSecret"] = "caller-secret", ["resource"] = Resource, ["url"] = api.Address.AbsoluteUri });

    private async Task<string> AskAsync(KestrelApi api, string token, string? proof, string scheme = "DPoP")
    {
        using var response = await SendAsync(api, token, proof, scheme);
        return Describe(response);
    }

    private async Task<HttpResponseMessage> SendAsync(KestrelApi api, string token, string? proof, string scheme = "DPoP")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, api.Address);
        request.Headers.Authorization = new(scheme, token);
        if (proof is not null)
            request.Headers.Add("DPoP", proof);
        return await fixture.Client.SendAsync(request);
    }

    private Task<KestrelApi> StartApiAsync(Action<JwksSenderConstraintOptions>? configure = null) => KestrelApi.StartAsync(
        fixture.Issuer,
        options => options.Audience = Resource,
        addServices: services => services.AddAuthentication().AddJwksSenderConstraint(configure: options =>
        {
            options.DpopAlgorithms = ["ES256"];
            configure?.Invoke(options);
        }));
}
