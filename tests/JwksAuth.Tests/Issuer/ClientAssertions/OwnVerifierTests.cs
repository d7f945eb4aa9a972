using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>Client assertions at a server with its own signature verifier.</summary>
public sealed class OwnVerifierTests : IAsyncLifetime
{
    private readonly FakeVerifier _verifier = new();
    private TokenServer _server = null!;
    private FakeIssuer _client = null!;

    public async Task InitializeAsync() => (_server, _client) =
        await TokenServer.StartWithClientAsync(configureServices: services => services.AddSingleton<IJwksSignatureVerifier>(_verifier));

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task The_verifier_decides()
    {
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithWrongSignature())));
        _verifier.Judge = _ => false;
        Assert.Equal("Signature", await _server.JudgeAsync(TokenServer.Assert(_client)));
        Assert.Equal(2, _verifier.Questions.Count);
    }

    [Fact]
    public async Task A_verifier_that_throws_authenticates_no_client_and_uses_up_no_assertion()
    {
        var assertion = TokenServer.Assert(_client);
        _verifier.Judge = _ => throw new InvalidOperationException();

        var result = await _server.ValidateAsync(assertion);
        Assert.Equal((JwksClientAssertionFailure.Unavailable, 503, null), (result.Failure, result.StatusCode, result.Client));
        Assert.NotNull(result.RetryAfter);
        Assert.Contains("The signature verifier failed; signatures that could not be judged: 1", _server.Log.Errors);

        _verifier.Judge = _ => true;
        Assert.Equal("Valid", await _server.JudgeAsync(assertion));
    }

    [Fact]
    public async Task The_verifier_is_not_called_for_an_assertion_that_cannot_pass()
    {
        Assert.Equal("Algorithm", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.SignedWithPublicKey())));
        Assert.Equal("UnknownKey", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithUnknownKeyId())));
        Assert.Equal("Audience", await _server.JudgeAsync(TokenServer.Assert(_client, audience: "https://other.test")));
        Assert.Empty(_verifier.Questions);
    }
}
