using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Logout;

/// <summary>Logout tokens at an application with its own signature verifier.</summary>
public sealed class OwnVerifierTests : IAsyncLifetime
{
    private readonly FakeVerifier _verifier = new();
    private LogoutApi _api = null!;

    public async Task InitializeAsync() => _api = await LogoutApi.StartAsync(configureServices: services => services.AddSingleton<IJwksSignatureVerifier>(_verifier));

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task The_verifier_decides()
    {
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken(token => token.WithWrongSignature())));
        _verifier.Judge = _ => false;
        Assert.Equal("400 The signature of the token is invalid", await _api.SendAsync(_api.CreateToken()));
        Assert.Single(_api.Logouts);
    }

    [Fact]
    public async Task A_verifier_that_throws_ends_no_session()
    {
        _verifier.Judge = _ => throw new InvalidOperationException();

        Assert.StartsWith("503 ", await _api.SendAsync(_api.CreateToken()), StringComparison.Ordinal);
        Assert.Empty(_api.Logouts);
    }
}
