using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>Twenty thousand damaged responses: none causes a 500 or is accepted as the original, and none leaks memory.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class MalformedAnswerTests : IDisposable
{
    private const string JwtMediaType = "application/token-introspection+jwt";
    private const long MaximumGrowth = 16 * 1024 * 1024;

    private readonly FakeClock _clock = new();
    private readonly RSA _key = RSA.Create(2048);

    [Fact]
    public async Task Ten_thousand_damaged_json_answers_make_no_500()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        const string answer = """{"active":true,"iss":"https://issuer.test","aud":["api","other"],"sub":"alice","client_id":"c","scope":"read write","exp":4102444800,"a":{"b":[1,2.5e3,"\u00e9"]}}""";

        await SendAsync(server, api, 10_000, answer, "application/json", _ => true);
    }

    [Fact]
    public async Task Six_thousand_damaged_signed_answers_confirm_nothing()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server);
        var answer = CreateSigned(server);

        await SendAsync(server, api, 6_000, answer, JwtMediaType, damaged => damaged.Trim() == answer);
    }

    [Fact]
    public async Task Four_thousand_damaged_encrypted_answers_confirm_nothing()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await TestApi.StartAsync(
            services =>
        {
            services.AddJwksKeyRing(ring => ring.Keys.Add(new JwksPrivateKey { Pem = _key.ExportPkcs8PrivateKeyPem(), KeyId = "enc-1" }));
            services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
            {
                options.ResponseFormat = JwksIntrospectionFormat.Jwt;
                options.SignedResponseAlg = ["ES256"];
                options.EncryptedResponseAlg = "RSA-OAEP";
                options.EncryptedResponseEnc = "A256GCM";
            });
            services.TrustFakeIntrospection(server);
        }, new TestApiSettings { Map = application => application.MapJwks("/jwks") });
        var encryption = FakeEncryption.ForFirstKeyOf(await api.Client.GetStringAsync("/jwks")) with { Algorithm = "RSA-OAEP" };
        var answer = encryption.Encrypt(CreateSigned(server));

        await SendAsync(server, api, 4_000, answer, JwtMediaType, damaged => damaged.Trim() == answer);
    }

    public void Dispose() => _key.Dispose();

    private static string CreateSigned(FakeJwksServer server) => server.CreateToken(token => token
        .WithType("token-introspection+jwt")
        .WithAudience("api")
        .WithClaim("token_introspection", new JsonObject { ["active"] = true, ["aud"] = "api", ["client_id"] = "c", ["sub"] = "alice" }));

    private static async Task SendAsync(
        FakeJwksServer server, TestApi api, int count, string answer, string contentType, Func<string, bool> mayBeAccepted)
    {
        server.Introspection.Endpoint.Respond(FakeResponse.Text(answer, contentType));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync("intact"));
        var mutator = new Mutator(9701);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var index = 0; index < count; index++)
        {
            var damaged = mutator.Mutate(Encoding.UTF8.GetBytes(answer));
            server.Introspection.Endpoint.Respond(FakeResponse.Bytes(damaged, contentType));
            var status = await api.GetStatusAsync($"token-{index}");

            var isExpected = status is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable
                || (status == HttpStatusCode.OK && mayBeAccepted(Encoding.Latin1.GetString(damaged)));
            Assert.True(isExpected, $"{index}: {status} for {Encoding.Latin1.GetString(damaged)}");
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MaximumGrowth);
    }
}
