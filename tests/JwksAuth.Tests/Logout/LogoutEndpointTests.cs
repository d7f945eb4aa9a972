using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;

namespace JwksAuth.Tests.Logout;

/// <summary>OpenID Connect Back-Channel Logout 1.0 sections 2.5 and 2.8: requests and answers.</summary>
public sealed class LogoutEndpointTests : IAsyncLifetime
{
    private const string NoToken = "400 The request is not a form with exactly one logout_token";

    private LogoutApi _api = null!;

    public async Task InitializeAsync() => _api = await LogoutApi.StartAsync();

    public Task DisposeAsync() => _api.DisposeAsync().AsTask();

    [Theory]
    [InlineData("")]
    [InlineData("token=x")]
    [InlineData("logout_token=")]
    [InlineData("logout_token=x&logout_token=x")]
    [InlineData("logout_token=x&logout%5Ftoken=x")]
    [InlineData("Logout_Token=x")]
    public async Task A_form_without_one_token_is_refused(string form) => Assert.Equal(NoToken, await _api.PostAsync(form));

    [Theory]
    [InlineData("logout_token=%00%FF%zz")]
    [InlineData("logout_token=\u00ff\u00fe")]
    [InlineData("&&&==&logout_token=a.b.c&%%%")]
    public async Task A_form_with_junk_is_refused(string form) =>
        Assert.Equal("400 The token is not a well-formed signed JWT", await _api.PostAsync(form));

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task A_request_that_is_not_a_form_is_refused(string? mediaType) =>
        Assert.Equal(NoToken, await _api.PostAsync("logout_token=" + _api.CreateToken(), mediaType));

    [Fact]
    public async Task Other_fields_and_a_charset_are_accepted() =>
        Assert.Equal("200", await _api.PostAsync($"a=1&logout_token={_api.CreateToken()}&b=2", "application/x-www-form-urlencoded; charset=utf-8"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_over_the_limit_is_refused_with_or_without_a_length(bool saysLength)
    {
        var form = new byte[64 * 1024 + 1];
        Array.Fill(form, (byte)'a');
        using var stream = new EndlessStream();

        Assert.Equal(NoToken, await _api.PostAsync(saysLength ? new ByteArrayContent(form) : new StreamContent(stream), "application/x-www-form-urlencoded"));
        Assert.InRange(stream.Given, 0, 1024 * 1024);
    }

    [Fact]
    public async Task A_token_over_the_limit_is_refused() =>
        Assert.Equal("400 The token is too long", await _api.SendAsync(_api.CreateToken(token => token.WithClaim("pad", new string('x', 16 * 1024)))));

    [Fact]
    public async Task A_rotation_of_a_provider_without_kids_is_noticed_with_the_first_token()
    {
        for (var rotation = 0; rotation < 3; rotation++)
        {
            var key = FakeSigningKey.Create("ES256").CustomizeJwk(jwk => jwk.Remove("kid"));
            _api.Provider.ReplaceAll([key]);
            if (rotation == 0)
                _api.Manager.Clear();
            Assert.Equal("200", await _api.SendAsync(_api.CreateToken(token => token.SignedBy(key).WithKeyId(null))));
            _api.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task An_outage_of_the_provider_is_answered_with_503()
    {
        _api.Provider.DefaultIssuer.Respond(FakeResponse.Status(500));
        _api.Manager.Clear();

        Assert.Matches("^503 [0-9]+$", await _api.SendAsync(_api.CreateToken()));
        Assert.Empty(_api.Logouts);
    }

    [Fact]
    public async Task A_logout_that_fails_is_a_400_and_is_logged_without_the_token()
    {
        _api.Fault = new TimeoutException("The session store is away");
        var token = _api.CreateToken();

        Assert.Equal("400 The logout failed", await _api.SendAsync(token));

        Assert.Equal("A logout requested by the provider failed (failures: 1); sessions may continue", Assert.Single(_api.Log.Errors));
        _api.Fault = null;
        Assert.Equal("200", await _api.SendAsync(_api.CreateToken()));
    }

    [Fact]
    public async Task The_endpoint_requires_a_handler()
    {
        await using var application = WebApplication.CreateBuilder().Build();

        Assert.Throws<InvalidOperationException>(() => application.MapBackChannelLogout());
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long Given { get; private set; }

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Given > 16 * 1024 * 1024 ? 0 : buffer.Length;
            buffer.Span[..count].Fill((byte)'a');
            Given += count;
            return new(count);
        }
    }
}
