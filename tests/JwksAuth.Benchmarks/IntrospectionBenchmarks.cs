using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using JwksAuth.Introspection.Answers;
using JwksAuth.Introspection.Cache;
using JwksAuth.Introspection.Configuration;
using JwksAuth.Introspection.Server;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Benchmarks;

/// <summary>
/// Opaque tokens: a cached one, and decrypting and verifying a response (RFC 9701), compared with the platform's cryptography
/// alone for the same response.
/// </summary>
public class IntrospectionBenchmarks
{
    private const int ContentKeyBytes = 32;

    private readonly RSA _encryptionKey = RSA.Create(2048);
    private readonly RSA _signingKey = RSA.Create(2048);
    private FakeJwksServer _server = null!;
    private ServiceProvider _services = null!;
    private Introspector _introspector = null!;
    private SignedAnswers _answers = null!;
    private ServerDescription _description = null!;
    private ServerReply _reply = null!;
    private RawAnswer _raw = null!;
    private string _token = "";

    [GlobalSetup]
    public async Task SetUp()
    {
        _server = await TokenFactory.StartIssuerAsync("RS256");
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddLogging()
            .AddJwksKeyRing(ring => ring.Keys.Add(new JwksPrivateKey { Pem = _encryptionKey.ExportPkcs8PrivateKeyPem(), KeyId = "enc-1" }))
            .AddAuthentication().AddJwksIntrospection().Services
            .TrustFakeIntrospection(_server)
            .BuildServiceProvider();

        var plan = _services.GetRequiredService<IntrospectionPlans>().Of(JwksAuthDefaults.IntrospectionScheme);
        _introspector = plan.Introspector!;
        _token = _server.Introspection.CreateToken();
        if (!await Remembered_token())
            throw new InvalidOperationException("A good token was refused.");

        PrepareAnswer(plan);
        if (!await Open_nested_answer() || !Cryptography_alone())
            throw new InvalidOperationException("A good answer was refused.");
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
        _encryptionKey.Dispose();
        _signingKey.Dispose();
    }

    [Benchmark]
    public async ValueTask<bool> Remembered_token() => (await _introspector.IntrospectAsync(_token, CancellationToken.None)).IsActive;

    [Benchmark]
    public async ValueTask<bool> Open_nested_answer() => (await _answers.ReadAsync(_reply, _description, CancellationToken.None)).Json is not null;

    [Benchmark]
    public bool Cryptography_alone()
    {
        var contentKey = _encryptionKey.Decrypt(_raw.EncryptedKey, RSAEncryptionPadding.OaepSHA256);
        using var content = new AesGcm(contentKey, _raw.Tag.Length);
        var signed = new byte[_raw.Ciphertext.Length];
        content.Decrypt(_raw.Vector, _raw.Ciphertext, _raw.Tag, signed, _raw.Header);
        return contentKey.Length == ContentKeyBytes
            && _signingKey.VerifyData(_raw.SigningInput, _raw.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private void PrepareAnswer(IntrospectionPlan plan)
    {
        var source = plan.Server!.Source!;
        var signed = _server.CreateToken(token => token
            .WithType("token-introspection+jwt")
            .WithAudience("client")
            .WithClaim("token_introspection", new JsonObject { ["active"] = true, ["scope"] = "orders.read orders.write", ["sub"] = "user-1", ["aud"] = "api" }));
        var encrypted = new FakeEncryption(EncryptionJwk()) { Algorithm = "RSA-OAEP-256", Encryption = "A256GCM" }.Encrypt(signed);

        var policy = new JwePolicy(
            new HashSet<KeyManagementAlgorithm> { KeyManagementAlgorithm.RsaOaep256 }, new HashSet<ContentEncryptionAlgorithm> { ContentEncryptionAlgorithm.A256Gcm }, 64 * 1024);
        var rules = new SignedAnswerRules(
            new HashSet<SignatureAlgorithm> { SignatureAlgorithm.RS256 }, policy, ["client"], TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), TimeProvider.System);
        _answers = new SignedAnswers(rules, source, _services.GetRequiredService<SignatureCheck>(), _services.GetRequiredService<JweOpener>());
        _description = new ServerDescription(_server.Issuer, null);
        _reply = new ServerReply(HttpStatusCode.OK, SignedAnswers.MediaType, Encoding.ASCII.GetBytes(encrypted));

        _signingKey.ImportFromPem(_server.CurrentKey.ExportPublicKeyPem());
        _raw = RawAnswer.Of(encrypted, signed);
    }

    private string EncryptionJwk()
    {
        var parameters = _encryptionKey.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["kid"] = "enc-1",
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        }.ToJsonString();
    }

    /// <summary>The parts of a response, as the cryptography needs them.</summary>
    private sealed record RawAnswer(
        byte[] Header, byte[] EncryptedKey, byte[] Vector, byte[] Ciphertext, byte[] Tag, byte[] SigningInput, byte[] Signature)
    {
        public static RawAnswer Of(string encrypted, string signed)
        {
            var parts = encrypted.Split('.');
            byte[][] decoded = [.. parts.Select(part => Base64Url.DecodeFromChars(part))];
            var end = signed.LastIndexOf('.');
            return new RawAnswer(
                Encoding.ASCII.GetBytes(parts[0]), decoded[1], decoded[2], decoded[3], decoded[4],
                Encoding.ASCII.GetBytes(signed[..end]), Base64Url.DecodeFromChars(signed.AsSpan(end + 1)));
        }
    }
}
