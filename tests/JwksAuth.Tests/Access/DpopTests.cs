using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Access;

public sealed class DpopTests : IDisposable
{
    private const string Algorithms = "algs=\"ES256\"";

    private readonly FakeClock _clock = new();
    private readonly DpopClient _client;

    public DpopTests() => _client = new DpopClient(_clock);

    [Fact]
    public async Task A_bound_token_passes_with_a_proof_of_each_request()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);

        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token)));
        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token)));
        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token), "/?page=2"));
    }

    [Theory]
    [InlineData("/people/alice%40example.com", "/people/alice%40example.com", true)]
    [InlineData("/people/alice%40example.com", "/people/alice@example.com", true)]
    [InlineData("/people/urn%3Aid%3A7", "/people/urn%3aid%3a7", true)]
    [InlineData("/people/J%C3%BCrgen%20M", "/people/J%C3%BCrgen%20M", true)]
    [InlineData("/people/alice", "/people/Alice", false)]
    [InlineData("/people/alice", "/people/alice%00", false)]
    [InlineData("/people/alice", "/people/alice%2F", false)]
    public async Task Escapes_in_the_path_mean_what_they_stand_for(string path, string claimed, bool passes)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer, map: application => application.MapGet("/people/{name}", (string name) => name).RequireAuthorization());
        var token = _client.CreateToken(issuer);
        var proof = _client.CreateProof(token, claims => claims["htu"] = $"http://localhost{claimed}");

        Assert.Equal(passes ? "200" : Refused("The DPoP proof was made for another request"), await DpopClient.AskAsync(api, token, proof, path));
    }

    [Fact]
    public async Task The_cache_of_tokens_proves_nothing()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);
        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token)));

        Assert.Equal(Refused("The request needs exactly one DPoP proof"), await DpopClient.AskAsync(api, token, null));
        Assert.Equal(
            $"401 Bearer error=\"invalid_token\", error_description=\"The token is bound to a key, and is to be sent by the DPoP scheme\", DPoP {Algorithms}",
            await DpopClient.AskAsync(api, token, _client.CreateProof(token), scheme: "Bearer"));
    }

    [Fact]
    public async Task A_proof_is_good_once()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);
        var proof = _client.CreateProof(token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => DpopClient.AskAsync(api, token, proof)));

        Assert.Single(answers, answer => answer == "200");
        Assert.Equal(19, answers.Count(answer => answer == Refused("The DPoP proof was used before")));
    }

    [Theory]
    [InlineData("htm", "\"POST\"", "The DPoP proof was made for another request")]
    [InlineData("htu", "\"http://localhost/other\"", "The DPoP proof was made for another request")]
    [InlineData("htu", "\"https://localhost/\"", "The DPoP proof was made for another request")]
    [InlineData("htu", "\"http://other/\"", "The DPoP proof was made for another request")]
    [InlineData("htu", "\"/\"", "The DPoP proof was made for another request")]
    [InlineData("ath", "\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"", "The DPoP proof was made for another token")]
    [InlineData("ath", "null", "The DPoP proof was made for another token")]
    [InlineData("iat", "-61", "The DPoP proof is too old, or from the future")]
    [InlineData("iat", "11", "The DPoP proof is too old, or from the future")]
    [InlineData("iat", "null", "The DPoP proof is not a well-formed and rightly signed one")]
    [InlineData("jti", "\"\"", "The DPoP proof is not a well-formed and rightly signed one")]
    [InlineData("jti", "null", "The DPoP proof is not a well-formed and rightly signed one")]
    [InlineData("htm", "7", "The DPoP proof is not a well-formed and rightly signed one")]
    public async Task What_a_proof_says_must_fit_the_request(string claim, string value, string reason)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);
        var proof = _client.CreateProof(token, claims =>
            claims[claim] = claim == "iat" && value != "null" ? _clock.GetUtcNow().ToUnixTimeSeconds() + int.Parse(value, null) : JsonNode.Parse(value));

        Assert.Equal(Refused(reason), await DpopClient.AskAsync(api, token, proof));
    }

    [Theory]
    [InlineData("typ", "\"JWT\"")]
    [InlineData("typ", "null")]
    [InlineData("alg", "\"none\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", "\"ES384\"")]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("jwk", "{\"kty\":\"oct\",\"k\":\"AAAA\"}")]
    [InlineData("jwk", "null")]
    public async Task The_form_of_a_proof_is_strict(string member, string value)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);

        var answer = await DpopClient.AskAsync(api, token, _client.CreateProof(token, header: header => header[member] = JsonNode.Parse(value)));

        Assert.Equal(Refused("The DPoP proof is not a well-formed and rightly signed one"), answer);
    }

    [Fact]
    public async Task Several_proofs_are_none()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Authorization", $"DPoP {token}");
        request.Headers.Add("DPoP", [_client.CreateProof(token), _client.CreateProof(token)]);
        using var response = await api.Client.SendAsync(request);

        Assert.Equal(Refused("The request needs exactly one DPoP proof"), $"{(int)response.StatusCode} {response.Headers.WwwAuthenticate}");
        Assert.Equal(
            Refused("The DPoP proof is not a well-formed and rightly signed one"),
            await DpopClient.AskAsync(api, token, $"{_client.CreateProof(token)}, {_client.CreateProof(token)}"));
    }

    [Theory]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task The_name_of_the_scheme_has_no_case(string scheme)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);

        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token), scheme: scheme));
        Assert.Equal(Refused("The request needs exactly one DPoP proof"), await DpopClient.AskAsync(api, token, null, scheme: scheme));
    }

    [Fact]
    public async Task A_proof_with_a_private_key_is_none()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);

        var answer = await DpopClient.AskAsync(api, token, _client.CreateProof(token, header: header => header["jwk"]!["d"] = "AAAA"));

        Assert.Equal(Refused("The DPoP proof is not a well-formed and rightly signed one"), answer);
    }

    [Fact]
    public async Task The_proof_of_another_key_does_not_do()
    {
        using var thief = new DpopClient(_clock);
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = _client.CreateToken(issuer);

        Assert.Equal(
            $"401 DPoP error=\"invalid_token\", error_description=\"The token is bound to another key than that of the DPoP proof\", {Algorithms}",
            await DpopClient.AskAsync(api, token, thief.CreateProof(token)));
        Assert.Equal(
            Refused("The DPoP proof is not a well-formed and rightly signed one"),
            await DpopClient.AskAsync(api, token, thief.CreateProof(token, header: header => header["jwk"] = _client.PublicJwk())));
    }

    [Fact]
    public async Task A_token_that_is_not_bound_passes_only_as_a_plain_one()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer);
        var token = issuer.CreateToken();

        Assert.Equal("200", await DpopClient.AskAsync(api, token, null, scheme: "Bearer"));
        Assert.Equal(
            $"401 DPoP error=\"invalid_token\", error_description=\"The token is not bound to the key of a DPoP proof\", {Algorithms}",
            await DpopClient.AskAsync(api, token, _client.CreateProof(token)));
    }

    [Fact]
    public async Task Where_bound_tokens_are_required_no_other_passes()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer, options => options.Required = true);
        var token = _client.CreateToken(issuer);

        Assert.Equal(
            $"401 Bearer error=\"invalid_token\", error_description=\"The token is not bound to a key, which is asked for\", DPoP {Algorithms}",
            await DpopClient.AskAsync(api, issuer.CreateToken(), null, scheme: "Bearer"));
        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token)));
    }

    [Fact]
    public async Task The_challenge_says_which_schemes_a_token_may_be_sent_by()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var both = await StartAsync(issuer);
        await using var only = await StartAsync(issuer, options => (options.Required, options.Certificates) = (true, false));

        Assert.Equal($"401 Bearer, DPoP {Algorithms}", await both.GetChallengeAsync(null));
        Assert.Equal($"401 DPoP {Algorithms}", await only.GetChallengeAsync(null));
    }

    [Fact]
    public async Task A_required_nonce_is_told_and_then_taken_until_it_is_old()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer, options => options.RequireDpopNonce = true);
        var token = _client.CreateToken(issuer);

        using var first = await DpopClient.SendAsync(api, token, _client.CreateProof(token));
        Assert.Equal($"DPoP error=\"use_dpop_nonce\", error_description=\"The DPoP proof needs the nonce of this answer\", {Algorithms}", first.Headers.WwwAuthenticate.ToString());
        var nonce = first.Headers.GetValues("DPoP-Nonce").Single();

        using var second = await DpopClient.SendAsync(api, token, _client.CreateProof(token, claims => claims["nonce"] = nonce));
        Assert.Equal(200, (int)second.StatusCode);
        Assert.False(second.Headers.Contains("DPoP-Nonce"));

        _clock.Advance(TimeSpan.FromMinutes(3));
        using var third = await DpopClient.SendAsync(api, token, _client.CreateProof(token, claims => claims["nonce"] = nonce));
        Assert.Equal(200, (int)third.StatusCode);
        Assert.True(third.Headers.Contains("DPoP-Nonce"));

        _clock.Advance(TimeSpan.FromMinutes(3));
        Assert.StartsWith("401 DPoP error=\"use_dpop_nonce\"", await DpopClient.AskAsync(api, token, _client.CreateProof(token, claims => claims["nonce"] = nonce)), StringComparison.Ordinal);
        Assert.StartsWith("401 DPoP error=\"use_dpop_nonce\"", await DpopClient.AskAsync(api, token, _client.CreateProof(token, claims => claims["nonce"] = "AAAA")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_set_up_the_scheme_is_not_known()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await TestApi.StartAsync(issuer);
        var token = _client.CreateToken(issuer);

        Assert.Equal("401 Bearer", await DpopClient.AskAsync(api, token, _client.CreateProof(token)));
    }

    [Fact]
    public async Task Opaque_tokens_are_bound_in_the_same_way()
    {
        await using var server = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection()
                .AddJwksSenderConstraint(JwksAuthDefaults.IntrospectionScheme, options => options.DpopAlgorithms = ["ES256"]);
            services.AddSingleton<TimeProvider>(_clock);
            services.TrustFakeIntrospection(server);
        });
        var token = server.Introspection.CreateToken(answer =>
        {
            answer["cnf"] = new JsonObject { ["jkt"] = _client.Thumbprint };
            answer["token_type"] = "DPoP";
        });

        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token)));
        Assert.Equal(Refused("The request needs exactly one DPoP proof"), await DpopClient.AskAsync(api, token, null));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData(JwksAuthDefaults.IntrospectionScheme)]
    public async Task A_replay_cache_that_fails_is_no_fault_of_the_client_and_lets_nobody_in(string scheme)
    {
        await using var server = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication(scheme).AddJwksBearer().AddJwksIntrospection().AddJwksSenderConstraint(scheme, options => options.DpopAlgorithms = ["ES256"]);
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton<IJwksReplayCache, BrokenReplayCache>();
            services.TrustFakeJwksServer(server);
            services.TrustFakeIntrospection(server);
        });
        var token = scheme == "Bearer"
            ? _client.CreateToken(server)
            : server.Introspection.CreateToken(answer => answer["cnf"] = new JsonObject { ["jkt"] = _client.Thumbprint });

        Assert.Equal("503", await DpopClient.AskAsync(api, token, _client.CreateProof(token)));
        Assert.Equal("200", await DpopClient.AskAsync(api, token, _client.CreateProof(token, claims => claims["htu"] = "http://localhost/open"), "/open"));
    }

    [Fact]
    public async Task A_wrong_set_up_stops_the_host()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(issuer, options => options.DpopAlgorithms = ["HS256"]));

        Assert.Contains("DpopAlgorithms must name", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _client.Dispose();

    private static string Refused(string reason) => $"401 DPoP error=\"invalid_dpop_proof\", error_description=\"{reason}\", {Algorithms}";

    private Task<TestApi> StartAsync(
        FakeJwksServer issuer, Action<JwksSenderConstraintOptions>? configure = null, Action<WebApplication>? map = null) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer().AddJwksSenderConstraint(configure: options =>
            {
                options.DpopAlgorithms = ["ES256"];
                configure?.Invoke(options);
            });
            services.AddSingleton<TimeProvider>(_clock);
            services.TrustFakeJwksServer(issuer);
        },
        new TestApiSettings { Map = map });

    private sealed class BrokenReplayCache : IJwksReplayCache
    {
        public ValueTask<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken) => throw new TimeoutException("The store does not answer.");
    }
}
