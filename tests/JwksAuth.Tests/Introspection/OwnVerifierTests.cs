using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Introspection;

/// <summary>Signed responses at an API with its own signature verifier.</summary>
public sealed class OwnVerifierTests : IAsyncLifetime
{
    private const string Unconfirmed = "401 Bearer error=\"invalid_token\", error_description=\"The token could not be confirmed\"";

    private readonly FakeClock _clock = new();
    private readonly FakeVerifier _verifier = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _server = null!;
    private TestApi _api = null!;

    public static TheoryData<string, Action<FakeToken, FakeIssuer>> NotOurs => new()
    {
        { "no signature", (answer, _) => answer.WithoutSignature() },
        { "alg none", (answer, _) => answer.WithAlgorithmNone() },
        { "algorithm confusion", (answer, _) => answer.SignedWithPublicKey() },
        { "foreign algorithm", (answer, issuer) => answer.SignedBy(issuer.PublishAhead("ES384")) },
        { "unknown kid", (answer, _) => answer.WithUnknownKeyId() },
        { "kid too long", (answer, _) => answer.WithKeyId(new string('k', 300)) },
        { "other type", (answer, _) => answer.WithType("at+jwt") },
    };

    public async Task InitializeAsync()
    {
        _server = await IntrospectionApi.StartServerAsync(_clock);
        _api = await IntrospectionApi.StartSignedAsync(_server, settings: new TestApiSettings
        {
            Logging = logging =>
            {
                logging.AddProvider(_log);
                logging.Services.AddSingleton<TimeProvider>(_clock).AddSingleton<IJwksSignatureVerifier>(_verifier);
            },
        });
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task The_verifier_decides_and_is_called_once_for_each_response()
    {
        _server.Introspection.CustomizeSignedAnswer(answer => answer.WithWrongSignature());
        var token = _server.Introspection.CreateToken();

        Assert.Equal(HttpStatusCode.OK, await _api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await _api.GetStatusAsync(token));
        var question = Assert.Single(_verifier.Questions);
        Assert.Equal((_server.CurrentKey.KeyId, "ES256", 64), (question.Key.KeyId, question.Algorithm, question.Signature.Length));
        Assert.Equal(HttpStatusCode.OK, await _api.GetStatusAsync(_server.Introspection.CreateToken()));
        Assert.Equal(2, _verifier.Questions.Count);
    }

    [Fact]
    public async Task A_response_that_the_verifier_rejects_confirms_nothing()
    {
        _verifier.Judge = _ => false;

        Assert.Equal(Unconfirmed, await _api.GetChallengeAsync(_server.Introspection.CreateToken()));
        Assert.Contains("the signature of the response is invalid", Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verifier_that_throws_is_answered_with_503_and_confirms_no_token()
    {
        var token = _server.Introspection.CreateToken();
        _verifier.Judge = _ => throw new InvalidOperationException();

        using var response = await _api.SendAsync(token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("The signature verifier failed; signatures that could not be judged: 1", _log.Errors);

        _verifier.Judge = _ => true;
        Assert.Equal(HttpStatusCode.OK, await _api.GetStatusAsync(token));
    }

    [Theory]
    [MemberData(nameof(NotOurs))]
    public async Task The_verifier_is_not_called_for_a_response_that_cannot_pass(string fault, Action<FakeToken, FakeIssuer> customize)
    {
        _server.Introspection.CustomizeSignedAnswer(answer => customize(answer, _server.DefaultIssuer));

        Assert.Equal(Unconfirmed, await _api.GetChallengeAsync(_server.Introspection.CreateToken()));
        Assert.True(_verifier.Questions.Count == 0, fault);
    }
}
