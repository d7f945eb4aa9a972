using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access;

/// <summary>DPoP proofs at an API that leaves signatures to a verifier of its own.</summary>
public sealed class OwnVerifierTests : IAsyncLifetime
{
    private const string Refused = "401 DPoP error=\"invalid_dpop_proof\", error_description=\"The DPoP proof is not a well-formed and rightly signed one\", algs=\"ES256\"";

    private readonly FakeClock _clock = new();
    private readonly FakeVerifier _verifier = new();
    private FakeJwksServer _issuer = null!;
    private DpopClient _client = null!;
    private TestApi _api = null!;

    public async Task InitializeAsync()
    {
        _issuer = await AccessApi.StartIssuerAsync(_clock);
        _client = new DpopClient(_clock);
        _api = await TestApi.StartAsync(services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddAuthentication().AddJwksBearer().AddJwksSenderConstraint(configure: options => options.DpopAlgorithms = ["ES256"]);
            services.TrustFakeJwksServer(_issuer);
            services.AddSingleton<IJwksSignatureVerifier>(_verifier);
        });
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        _client.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Its_word_counts_for_proofs_too()
    {
        var token = _client.CreateToken(_issuer);
        Assert.Equal("200", await DpopClient.AskAsync(_api, token, SignedByNobody(_client.CreateProof(token))));

        _verifier.Judge = question => !IsOfProof(question);
        Assert.Equal(Refused, await DpopClient.AskAsync(_api, token, _client.CreateProof(token)));
        Assert.Equal(2, _verifier.Questions.Count(IsOfProof));
    }

    [Fact]
    public async Task One_that_throws_lets_nobody_in_and_is_not_the_fault_of_the_caller()
    {
        var token = _client.CreateToken(_issuer);
        _verifier.Judge = question => IsOfProof(question) ? throw new InvalidOperationException() : true;

        using var response = await DpopClient.SendAsync(_api, token, _client.CreateProof(token));
        Assert.Equal(503, (int)response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);

        _verifier.Judge = _ => true;
        Assert.Equal("200", await DpopClient.AskAsync(_api, token, _client.CreateProof(token)));
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("none")]
    public async Task It_is_never_asked_about_a_proof_by_an_algorithm_that_is_not_accepted(string algorithm)
    {
        var token = _client.CreateToken(_issuer);

        Assert.Equal(Refused, await DpopClient.AskAsync(_api, token, _client.CreateProof(token, header: header => header["alg"] = algorithm)));
        Assert.DoesNotContain(_verifier.Questions, IsOfProof);
    }

    // The issuer's key has a kid, that of a proof has none.
    private static bool IsOfProof(VerifierQuestion question) => question.Key.KeyId is null;

    private static string SignedByNobody(string proof) => proof[..^86] + new string('A', 86);
}
