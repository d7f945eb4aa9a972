using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>DPoP proofs at an API with its own signature verifier.</summary>
public sealed class OwnVerifierTests : IAsyncLifetime
{
    private static readonly string Refused = DpopApi.Refused("The DPoP proof is malformed or its signature is invalid");

    private readonly FakeVerifier _verifier = new();
    private DpopApi _api = null!;

    public async Task InitializeAsync() =>
        _api = await DpopApi.StartAsync(configureServices: services => services.AddSingleton<IJwksSignatureVerifier>(_verifier));

    public Task DisposeAsync() => _api.DisposeAsync().AsTask();

    [Fact]
    public async Task The_verifier_decides_about_proofs_too()
    {
        var token = _api.CreateToken();
        Assert.Equal("200", await _api.AskAsync(token, SignedByNobody(_api.Client.CreateProof(token))));

        _verifier.Judge = question => !IsOfProof(question);
        Assert.Equal(Refused, await _api.AskAsync(token, _api.Client.CreateProof(token)));
        Assert.Equal(2, _verifier.Questions.Count(IsOfProof));
    }

    [Fact]
    public async Task A_verifier_that_throws_is_answered_with_503_and_accepts_no_token()
    {
        var token = _api.CreateToken();
        _verifier.Judge = question => IsOfProof(question) ? throw new InvalidOperationException() : true;

        using var response = await _api.SendAsync(token, _api.Client.CreateProof(token));
        Assert.Equal(503, (int)response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);

        _verifier.Judge = _ => true;
        Assert.Equal("200", await _api.AskAsync(token, _api.Client.CreateProof(token)));
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("none")]
    public async Task The_verifier_is_never_called_for_a_proof_with_an_algorithm_that_is_not_accepted(string algorithm)
    {
        var token = _api.CreateToken();

        Assert.Equal(Refused, await _api.AskAsync(token, _api.Client.CreateProof(token, header: header => header["alg"] = algorithm)));
        Assert.DoesNotContain(_verifier.Questions, IsOfProof);
    }

    // The issuer's key has a kid, the key of a proof has none.
    private static bool IsOfProof(VerifierQuestion question) => question.Key.KeyId is null;

    private static string SignedByNobody(string proof) => proof[..^86] + new string('A', 86);
}
