using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer.Validation;

/// <summary>Issuers that publish keys without a kid, and tokens that name none.</summary>
public sealed class UnnamedKeyTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;
    private FakeSigningKey _key = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(_clock);
        Rotate();
    }

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task A_rotation_is_noticed_with_the_first_token(string algorithm)
    {
        await using var api = await TestApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token()));
        var old = Token();

        Rotate(algorithm);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(old));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Junk_causes_one_fetch_in_ten_seconds_and_a_rotation_is_noticed_afterwards()
    {
        await using var api = await TestApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token()));
        var junk = Token(token => token.WithWrongSignature());
        for (var count = 0; count < 100; count++)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(junk));
        Assert.Equal(2, _issuer.JwksRequestCount);

        Rotate();
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token()));
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token()));
        Assert.Equal(3, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_request_that_may_wait_is_held_until_the_cooldown_ends()
    {
        await using var api = await TestApi.StartAsync(_issuer, options => options.UnknownKeyWait = TimeSpan.FromSeconds(10));
        await api.GetStatusAsync(Token(token => token.WithWrongSignature()));
        Rotate();
        var timers = _clock.ActiveTimers;

        var request = api.GetStatusAsync(Token());
        await _clock.WaitForTimersAsync(timers + 1);
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, await request);
    }

    [Fact]
    public async Task A_second_matching_key_makes_tokens_ambiguous()
    {
        await using var api = await TestApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token()));
        var old = _key;
        Rotate();
        _issuer.ReplaceAll([old, _key]);

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token()));
    }

    [Fact]
    public async Task A_bad_signature_without_a_kid_costs_no_fetch_where_all_keys_have_one()
    {
        _issuer.ReplaceAll();
        await using var api = await TestApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithKeyId(null))));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithKeyId(null).WithWrongSignature())));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_key_of_the_settings_without_a_kid_causes_no_fetch_of_the_others()
    {
        _issuer.ReplaceAll();
        await using var api = await TestApi.StartAsync(_issuer, options =>
        {
            options.SigningKeys.Add(new JwksVerificationKey { Pem = _key.ExportPublicKeyPem() });
            options.TrySeveralKeysWithoutKeyId = true;
        });
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithKeyId(null))));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithKeyId(null).WithWrongSignature())));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    private void Rotate(string algorithm = "ES256")
    {
        _key = FakeSigningKey.Create(algorithm).CustomizeJwk(jwk => jwk.Remove("kid"));
        _issuer.ReplaceAll([_key]);
    }

    private string Token(Action<FakeToken>? change = null) => _issuer.CreateToken(token =>
    {
        token.SignedBy(_key).WithKeyId(null);
        change?.Invoke(token);
    });
}
