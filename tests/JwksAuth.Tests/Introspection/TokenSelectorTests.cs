using System.Globalization;
using System.Net;
using FsCheck.Fluent;
using JwksAuth.Introspection;
using JwksAuth.Requests;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Introspection;

public class TokenSelectorTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task The_API_validates_JWTs_itself_and_introspects_only_opaque_tokens()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(server.CreateToken(token => token.Expired())));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(server.CreateToken(token => token.WithoutSignature())));
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Equal(1, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task The_API_decrypts_an_encrypted_JWT_itself_and_does_not_introspect_it()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddJwksKeyRing(ring => ring.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) }));
            services.AddAuthentication(JwksAuthDefaults.TokenSelectorScheme)
                .AddJwksBearer(options => options.EncryptionAlgorithms = ["ECDH-ES"])
                .AddJwksIntrospection()
                .AddJwksTokenSelector();
            services.TrustFakeJwksServer(server);
            services.TrustFakeIntrospection(server);
        });
        var encryption = new FakeEncryption(TestKeys.PublicJwk(TestKeys.Ec)) { Algorithm = "ECDH-ES" };

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(encryption.Encrypt(server.CreateToken())));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(encryption.Encrypt(server.Introspection.CreateToken())));
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Theory]
    [InlineData("{0},Bearer {1}")]
    [InlineData("{1},Bearer {0}")]
    [InlineData("{0} {1}")]
    [InlineData("{1}.{0}")]
    public async Task Two_tokens_in_one_request_pass_at_neither_scheme(string format)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        var tokens = string.Format(CultureInfo.InvariantCulture, format, server.CreateToken(), server.Introspection.CreateToken());
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {tokens}");

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task An_introspection_response_is_not_an_access_token()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server);

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(server.CreateToken(token => token.WithType("token-introspection+jwt"))));
    }

    [Fact]
    public async Task The_scheme_that_judged_the_token_sends_the_challenge()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server);

        Assert.Equal("401 Bearer", await api.GetChallengeAsync(null));
        Assert.Contains("not active", await api.GetChallengeAsync("never-issued"), StringComparison.Ordinal);
        Assert.Contains("expired", await api.GetChallengeAsync(server.CreateToken(token => token.Expired())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", true)]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.", true)]
    [InlineData("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d", true)]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30", false)]
    [InlineData("e30.e30.e30", false)]
    [InlineData("opaque.with.dots", false)]
    [InlineData("2YotnFZFEjr1zCsicMWpAA", false)]
    [InlineData("", false)]
    [InlineData("..", false)]
    public void Only_a_token_in_the_form_of_a_JWT_is_a_JWT(string token, bool expected) => Assert.Equal(expected, TokenSelector.IsJwt(token));

    [Theory]
    [InlineData("MllvdG5GWkZFanIxekNzaWNNV3BBQQ==", "2YotnFZFEjr1zCsicMWpAA")]
    [InlineData("ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZTMwLmMybG4=", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln")]
    [InlineData("2YotnFZFEjr1zCsicMWpAA", "2YotnFZFEjr1zCsicMWpAA")]
    [InlineData("2YotnFZFEjr1zCsicMWpAAbb", "2YotnFZFEjr1zCsicMWpAAbb")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln")]
    [InlineData("MllvdG5GWkZFanIxekNzaWNNV3BBQQ", "MllvdG5GWkZFanIxekNzaWNNV3BBQQ")]
    [InlineData("MllvdG5GWkZFanIxekNzaWNNV3BBQR==", "MllvdG5GWkZFanIxekNzaWNNV3BBQR==")]
    [InlineData("c2hvcnQ=", "c2hvcnQ=")]
    [InlineData("dHdvIHdvcmRzIGluIG9uZSB2YWx1ZQ==", "dHdvIHdvcmRzIGluIG9uZSB2YWx1ZQ==")]
    [InlineData("====", "====")]
    public void Only_the_base64_of_a_token_is_unwrapped(string value, string expected) => Assert.Equal(expected, AuthorizationHeader.Unwrap(value));

    [Fact]
    public void Opaque_tokens_of_any_length_are_not_unwrapped()
    {
        var tokens = Gen.Choose(12, 63).SelectMany(length => Gen.Choose(0, byte.MaxValue).Select(value => (byte)value).ArrayOf(length));
        Properties.Check(tokens, token =>
        {
            Assert.Equal(Convert.ToHexStringLower(token), AuthorizationHeader.Unwrap(Convert.ToHexStringLower(token)));
            Assert.Equal(Convert.ToBase64String(token), AuthorizationHeader.Unwrap(Convert.ToBase64String(token)));
        }, cases: 10_000);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    public async Task A_base64_encoded_token_passes_only_with_the_option(bool unwraps, HttpStatusCode expected)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.UnwrapBase64Tokens = unwraps);
        var token = server.Introspection.CreateToken();

        Assert.Equal(expected, await api.GetStatusAsync(Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(token))));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    private static Task<TestApi> StartAsync(FakeJwksServer server) => TestApi.StartAsync(services =>
    {
        services.AddAuthentication(JwksAuthDefaults.TokenSelectorScheme).AddJwksBearer().AddJwksIntrospection().AddJwksTokenSelector();
        services.TrustFakeJwksServer(server);
        services.TrustFakeIntrospection(server);
    });
}
