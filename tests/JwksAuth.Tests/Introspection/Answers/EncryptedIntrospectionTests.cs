using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>Signed answers that the server encrypts for the key that the API publishes.</summary>
public class EncryptedIntrospectionTests
{
    private const string Unconfirmed = "401 Bearer error=\"invalid_token\", error_description=\"The token could not be confirmed\"";

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("RSA-OAEP", "A256GCM")]
    [InlineData("RSA-OAEP", "A128GCM")]
    [InlineData("RSA-OAEP-256", "A192GCM")]
    [InlineData("RSA-OAEP-256", "A128CBC-HS256")]
    [InlineData("RSA-OAEP-256", "A192CBC-HS384")]
    [InlineData("RSA-OAEP-256", "A256CBC-HS512")]
    [InlineData("ECDH-ES", "A256GCM")]
    [InlineData("ECDH-ES", "A256CBC-HS512")]
    [InlineData("ECDH-ES+A128KW", "A128CBC-HS256")]
    [InlineData("ECDH-ES+A256KW", "A256GCM")]
    public async Task A_signed_and_encrypted_answer_confirms_the_token(string algorithm, string encryption)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server, algorithm, encryption);
        EncryptFor(api, server, algorithm, encryption);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Contains("not active", await api.GetChallengeAsync("never-issued"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSA-OAEP-256", "A256GCM")]
    [InlineData("RSA-OAEP", "A128GCM")]
    [InlineData("RSA-OAEP", "A128CBC-HS256")]
    public async Task Any_other_pair_is_refused(string algorithm, string encryption)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server, "RSA-OAEP", "A256GCM");
        EncryptFor(api, server, algorithm, encryption);

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task An_answer_for_another_key_is_refused_and_the_caller_is_not_told_why()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server, "RSA-OAEP", "A256GCM");
        await using var other = await StartAsync(server, "RSA-OAEP", "A256GCM", TestKeys.OtherRsa);
        EncryptFor(other, server, "RSA-OAEP", "A256GCM");

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync(server.Introspection.CreateToken()));
    }

    [Fact]
    public async Task An_answer_that_is_only_signed_is_refused()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server, "RSA-OAEP", "A256GCM");

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync(server.Introspection.CreateToken()));
    }

    [Theory]
    [InlineData("""{"active":true,"aud":"api","client_id":"c"}""")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJhY3RpdmUiOnRydWV9.")]
    [InlineData("")]
    public async Task An_encrypted_answer_without_a_signed_one_inside_is_refused(string inside)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server, "RSA-OAEP", "A256GCM");
        server.Introspection.Endpoint.Respond(FakeResponse.Text(EncryptText(inside), "application/token-introspection+jwt"));

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync("token"));
    }

    [Theory]
    [InlineData("iss", "https://other.test")]
    [InlineData("aud", "somebody")]
    [InlineData("typ", "at+jwt")]
    [InlineData("cty", "application/json")]
    public async Task Sender_claims_in_the_outer_header_are_ignored(string member, string value)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server, "RSA-OAEP", "A256GCM");
        var signed = server.CreateToken(token => token
            .WithType("token-introspection+jwt")
            .WithAudience("api")
            .WithClaim("token_introspection", new JsonObject { ["active"] = true, ["aud"] = "api", ["client_id"] = "c", ["sub"] = "alice" }));
        server.Introspection.Endpoint.Respond(FakeResponse.Text(EncryptText(signed, new JsonObject { [member] = value }), "application/token-introspection+jwt"));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync("token"));
    }

    [Theory]
    [InlineData("zip", "DEF")]
    [InlineData("alg", "RSA1_5")]
    [InlineData("crit", "x")]
    public async Task Compression_extensions_and_weak_algorithms_are_refused(string member, string value)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await StartAsync(server, "RSA-OAEP", "A256GCM");
        server.Introspection.Endpoint.Respond(FakeResponse.Text(EncryptText("a.b.c", new JsonObject { [member] = value }), "application/token-introspection+jwt"));

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync("token"));
    }

    [Fact]
    public async Task A_key_ring_without_keys_gets_503_and_names_the_mistake()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        using var log = new RecordedLog();
        await using var api = await StartAsync(server, "RSA-OAEP", "A256GCM", key: null, log);
        await using var other = await StartAsync(server, "RSA-OAEP", "A256GCM");
        EncryptFor(other, server, "RSA-OAEP", "A256GCM");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Contains(log.Errors, text => text.Contains("JwksAuth:KeyRing:Keys", StringComparison.Ordinal));
    }

    private static Task<TestApi> StartAsync(FakeJwksServer server, string algorithm, string encryption) =>
        StartAsync(server, algorithm, encryption, algorithm.StartsWith("RSA", StringComparison.Ordinal) ? TestKeys.Rsa : TestKeys.Ec);

    private static Task<TestApi> StartAsync(FakeJwksServer server, string algorithm, string encryption, AsymmetricAlgorithm? key, RecordedLog? log = null) => TestApi.StartAsync(
        services =>
        {
            services.AddJwksKeyRing(ring =>
            {
                if (key is not null)
                    ring.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(key) });
            });
            services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
            {
                options.ResponseFormat = JwksIntrospectionFormat.Jwt;
                options.SignedResponseAlg = ["ES256"];
                options.EncryptedResponseAlg = algorithm;
                options.EncryptedResponseEnc = encryption;
            });
            services.TrustFakeIntrospection(server);
        },
        new TestApiSettings
        {
            Map = application => application.MapJwks("/jwks"),
            Logging = logging =>
            {
                if (log is not null)
                    logging.AddProvider(log);
            },
        });

    private static void EncryptFor(TestApi api, FakeJwksServer server, string algorithm, string encryption) =>
        server.Introspection.EncryptFor(api.Client, new Uri("http://localhost/jwks"), algorithm, encryption);

    private static string EncryptText(string text, JsonObject? header = null) =>
        new FakeEncryption(TestKeys.PublicJwk(TestKeys.Rsa)) { Algorithm = "RSA-OAEP", Header = header ?? [] }.Encrypt(text);
}
