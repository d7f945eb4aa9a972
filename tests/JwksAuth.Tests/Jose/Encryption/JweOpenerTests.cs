using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Jose.Encryption;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Jose.Encryption;

/// <summary>Decrypting tokens: what is accepted, what is refused before a key is used, and what no input can cause.</summary>
public class JweOpenerTests
{
    private const string Content = "the content";

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var algorithm in KeyManagementAlgorithms.Names)
            {
                foreach (var encryption in ContentEncryptionAlgorithms.Names)
                    pairs.Add(algorithm, encryption);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_accepted_pair_of_algorithms_is_decrypted(string algorithm, string encryption)
    {
        using var ring = BothKinds();
        var token = Encryption(algorithm, encryption).Encrypt(Content);

        var opening = await ring.OpenAsync(token, TestKeyRing.Policy([algorithm], [encryption]));

        Assert.Null(opening.Failure);
        Assert.Equal("JWT", opening.ContentType);
        Assert.Equal(Content, Encoding.UTF8.GetString(opening.Content.Span));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Any_other_pair_of_algorithms_is_refused_before_a_key_is_used(string algorithm, string encryption)
    {
        var decryptor = new CountingDecryptor();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor>(decryptor));
        var token = Encryption(algorithm, encryption).Encrypt(Content);
        var otherAlgorithms = KeyManagementAlgorithms.Names.Where(name => name != algorithm);
        var otherEncryptions = ContentEncryptionAlgorithms.Names.Where(name => name != encryption);

        Assert.Equal(JweFailure.Algorithm, (await ring.OpenAsync(token, TestKeyRing.Policy(otherAlgorithms, [encryption]))).Failure);
        Assert.Equal(JweFailure.Encryption, (await ring.OpenAsync(token, TestKeyRing.Policy([algorithm], otherEncryptions))).Failure);
        Assert.Equal(0, decryptor.Count);
    }

    [Fact]
    public async Task RSA1_5_is_refused_before_a_key_is_used()
    {
        var decryptor = new CountingDecryptor();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor>(decryptor));

        Assert.Equal(JweFailure.Algorithm, (await ring.OpenAsync(Encryption("RSA1_5", "A256GCM").Encrypt(Content))).Failure);
        Assert.Equal(0, decryptor.Count);
    }

    [Theory]
    [InlineData("P-384")]
    [InlineData("P-521")]
    public async Task Other_curves_are_decrypted(string curve)
    {
        using var key = ECDsa.Create(curve == "P-384"
            ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP521);
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(key) });

        var opening = await ring.OpenAsync(new FakeEncryption(TestKeys.PublicJwk(key)) { Algorithm = "ECDH-ES+A256KW" }.Encrypt(Content));

        Assert.Equal(Content, Encoding.UTF8.GetString(opening.Content.Span));
    }

    [Theory]
    [InlineData("zip", "\"DEF\"")]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("b64", "false")]
    public async Task An_unsupported_extension_is_refused(string name, string value)
    {
        using var ring = BothKinds();
        var encryption = Encryption("RSA-OAEP-256", "A256GCM") with { Header = new JsonObject { [name] = JsonNode.Parse(value) } };

        Assert.Equal(JweFailure.UnsupportedExtension, (await ring.OpenAsync(encryption.Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task Claims_repeated_in_the_header_are_ignored()
    {
        using var ring = BothKinds();
        var encryption = Encryption("RSA-OAEP", "A256GCM") with { Header = new JsonObject { ["iss"] = "https://anybody.example", ["aud"] = new JsonArray("anything"), ["typ"] = "JWT" } };

        Assert.Null((await ring.OpenAsync(encryption.Encrypt(Content))).Failure);
    }

    [Theory]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"AA"}""", "Malformed")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}""", "Malformed")]
    [InlineData("""{"kty":"OKP","crv":"X25519","x":"AA"}""", "Malformed")]
    [InlineData("\"text\"", "Malformed")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyN"}""", "Malformed")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyA"}""", "Decryption")] // not on the curve
    public async Task An_invalid_ephemeral_key_is_refused(string key, string failure)
    {
        using var ring = BothKinds();
        var encryption = Encryption("ECDH-ES", "A256GCM") with { Header = new JsonObject { ["epk"] = JsonNode.Parse(key) } };

        Assert.Equal(failure, (await ring.OpenAsync(encryption.Encrypt(Content))).Failure.ToString());
    }

    [Fact]
    public async Task A_token_for_another_key_is_refused_like_one_that_was_tampered_with()
    {
        using var ring = BothKinds();
        var foreign = new FakeEncryption(TestKeys.PublicJwk(TestKeys.OtherRsa)).Encrypt(Content);
        var changed = Encryption("RSA-OAEP-256", "A256GCM").Encrypt(Content).Split('.');
        changed[3] = Base64UrlEncoder.Encode("another text");

        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(foreign)).Failure);
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(string.Join('.', changed))).Failure);
    }

    [Fact]
    public async Task A_token_without_a_kid_is_tried_with_the_live_keys()
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.OtherRsa) }, new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa) });

        Assert.Null((await ring.OpenAsync((Encryption("RSA-OAEP-256", "A256GCM") with { KeyId = null }).Encrypt(Content))).Failure);
    }

    [Theory]
    [InlineData("a kid that we do not have")]
    [InlineData("")]
    [InlineData("MINE")]
    [InlineData("other")]
    public async Task A_token_with_another_kid_does_not_use_the_key(string keyId)
    {
        using var ring = TestKeyRing.Of(
            new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.OtherRsa), KeyId = "other" }, new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), KeyId = "mine" });
        var encryption = Encryption("RSA-OAEP-256", "A256GCM");

        Assert.Null((await ring.OpenAsync((encryption with { KeyId = "mine" }).Encrypt(Content))).Failure);
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync((encryption with { KeyId = keyId }).Encrypt(Content))).Failure);
    }

    [Theory]
    [InlineData("mine", 1)]
    [InlineData("no kid of ours", 0)]
    [InlineData(null, 4)]
    public void The_kid_bounds_the_private_key_operations(string? keyId, int operations)
    {
        using var ring = TestKeyRing.Of(
            [.. Enumerable.Range(0, 6).Select(index => new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = $"{index}" }), new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = "mine" }]);
        var header = JweHeader.TryRead(Encoding.UTF8.GetBytes(keyId is null ? "{}" : $$"""{"kid":"{{keyId}}"}"""))!;
        var token = new JwksEncryptedToken(header, KeyManagementAlgorithm.EcdhEs, ContentEncryptionAlgorithm.A128Gcm, new JweParts([], [], [], [], [], []));

        Assert.Equal(operations, ring.Ring.FindDecryptionKeys(token).Count());
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Parts_of_any_length_are_a_fault_of_the_token(string algorithm, string encryption)
    {
        using var log = new RecordedLog();
        using var ring = new TestKeyRing(
            options =>
            {
                options.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa) });
                options.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) });
            },
            logger: log);
        var good = Encryption(algorithm, encryption).Encrypt(Content).Split('.');
        int[] lengths = [.. Enumerable.Range(0, 18), 24, 31, 32, 33, 40, 48, 64, 72, 128, 255, 256, 257];

        for (var part = 1; part < 5; part++)
        {
            foreach (var length in lengths)
            {
                string[] parts = [.. good];
                parts[part] = Base64UrlEncoder.Encode(new byte[length]);
                if (parts[part] == good[part])
                    continue; // a direct agreement has no encrypted key
                var failure = (await ring.OpenAsync(string.Join('.', parts))).Failure;
                Assert.True(failure is JweFailure.Malformed or JweFailure.Decryption, $"part {part} of {length} bytes: {failure}");
            }
        }

        Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync(string.Join('.', good[0], good[1], good[2], "", good[4]))).Failure);
        Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync("....")).Failure);
        Assert.Empty(log.Errors);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_token_without_content_never_reaches_a_decryptor(string algorithm, string encryption)
    {
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, BrokenService>());
        var parts = Encryption(algorithm, encryption).Encrypt(Content).Split('.');

        Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync($"{parts[0]}.{parts[1]}.{parts[2]}..{parts[4]}")).Failure);
    }

    [Fact]
    public async Task Of_many_keys_the_named_one_is_tried_or_without_a_kid_at_most_four()
    {
        var keys = Enumerable.Range(0, 6).Select(index => new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = $"{index}" });
        using var ring = TestKeyRing.Of([.. keys, new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec), KeyId = "last" }]);
        var encryption = Encryption("ECDH-ES", "A128GCM");

        Assert.Null((await ring.OpenAsync((encryption with { KeyId = "last" }).Encrypt(Content))).Failure);
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync((encryption with { KeyId = null }).Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task A_key_bound_to_another_algorithm_is_not_used()
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), Algorithm = "RSA-OAEP-256" });

        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task A_signature_key_decrypts_nothing()
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), Use = "sig" });

        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task A_token_that_is_too_long_is_refused_before_it_is_read()
    {
        using var ring = BothKinds();

        Assert.Equal(JweFailure.TooLong, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(new string('x', 16 * 1024)))).Failure);
    }

    [Fact]
    public async Task A_token_of_the_maximum_length_is_decrypted()
    {
        using var ring = BothKinds();
        var token = Encryption("RSA-OAEP", "A256GCM").Encrypt(Content);

        Assert.Null((await ring.OpenAsync(token, TestKeyRing.AnyPolicy with { MaximumLength = token.Length })).Failure);
        Assert.Equal(JweFailure.TooLong, (await ring.OpenAsync(token, TestKeyRing.AnyPolicy with { MaximumLength = token.Length - 1 })).Failure);
    }

    [Theory]
    [InlineData("""{"alg":"RSA-OAEP"}""", "Encryption")]
    [InlineData("""{"alg":"RSA-OAEP","enc":"A128GCMKW"}""", "Encryption")]
    [InlineData("""{"enc":"A256GCM"}""", "Algorithm")]
    [InlineData("""{"alg":"dir","enc":"A256GCM"}""", "Algorithm")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM"}""", "Malformed")]
    public async Task A_header_without_a_required_member_never_reaches_a_decryptor(string header, string failure)
    {
        var decryptor = new CountingDecryptor();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor>(decryptor));
        var parts = Encryption("ECDH-ES", "A256GCM").Encrypt(Content).Split('.');

        Assert.Equal(failure, (await ring.OpenAsync(string.Join('.', [Base64UrlEncoder.Encode(header), .. parts[1..]]))).Failure.ToString());
        Assert.Equal(0, decryptor.Count);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Parts_of_the_wrong_length_never_reach_a_decryptor(string algorithm, string encryption)
    {
        var decryptor = new CountingDecryptor();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor>(decryptor));
        var good = Encryption(algorithm, encryption).Encrypt(Content).Split('.');

        foreach (var (part, length) in ((int, int)[])[(2, 0), (2, 11), (2, 17), (4, 0), (4, 15), (4, 33)])
        {
            string[] parts = [.. good];
            parts[part] = Base64UrlEncoder.Encode(new byte[length]);
            Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync(string.Join('.', parts))).Failure);
        }

        if (algorithm.StartsWith("RSA", StringComparison.Ordinal))
            Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync($"{good[0]}..{good[2]}.{good[3]}.{good[4]}")).Failure);
        Assert.Equal(0, decryptor.Count);
    }

    [Fact]
    public async Task The_cancellation_of_a_caller_is_thrown()
    {
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, BrokenService>());
        var token = Encryption("RSA-OAEP", "A256GCM").Encrypt(Content);

        await Assert.ThrowsAsync<TimeoutException>(() => ring.Opener.OpenAsync(token, TestKeyRing.AnyPolicy, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public async Task Without_a_key_ring_the_token_cannot_be_judged()
    {
        using var ring = new TestKeyRing();

        Assert.Equal(JweFailure.Unavailable, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task The_decryptor_of_the_application_replaces_the_key_ring()
    {
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, KeyService>());

        var opening = await ring.OpenAsync(Encryption("RSA-OAEP-256", "A128CBC-HS256").Encrypt(Content));

        Assert.Equal(Content, Encoding.UTF8.GetString(opening.Content.Span));
    }

    [Fact]
    public async Task A_decryptor_that_throws_makes_the_token_unjudgeable_and_is_logged_once()
    {
        using var log = new RecordedLog();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, BrokenService>(), logger: log, time: new FakeClock());
        var token = Encryption("RSA-OAEP-256", "A256GCM").Encrypt(Content);

        Assert.Equal(JweFailure.Unavailable, (await ring.OpenAsync(token)).Failure);
        Assert.Equal(JweFailure.Unavailable, (await ring.OpenAsync(token)).Failure);
        Assert.Single(log.Errors);
    }

    [Fact]
    public async Task Twenty_thousand_mutated_tokens_give_results_and_use_no_memory()
    {
        using var ring = BothKinds();
        string[] tokens = [Encryption("RSA-OAEP", "A256GCM").Encrypt(Content), .. new[] { "ECDH-ES", "ECDH-ES+A128KW" }.Select(algorithm => Encryption(algorithm, "A128CBC-HS256").Encrypt(Content))];
        var headers = tokens.Select(token => Base64UrlEncoder.Decode(token.Split('.')[0])).ToArray();
        var mutator = new Mutator(20_000);

        for (var count = 0; count < 20_000; count++)
        {
            // An RSA operation is slow, so one mutation in twenty starts from such a token.
            var index = count % 20 == 0 ? 0 : 1 + (count % 2);
            var parts = tokens[index].Split('.');
            parts[0] = Base64UrlEncoder.Encode(mutator.Mutate(headers[index]));
            var mutated = count % 3 == 0 ? string.Join('.', parts) : mutator.Mutate(tokens[index]);

            var opening = await ring.OpenAsync(mutated);

            Assert.True(opening.Content.Length <= mutated.Length);
            Assert.True(opening.Failure is null ? Encoding.UTF8.GetString(opening.Content.Span) == Content : opening.Failure != JweFailure.Unavailable, mutated);
        }
    }

    private static TestKeyRing BothKinds() =>
        TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa) }, new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) });

    private static FakeEncryption Encryption(string algorithm, string encryption) =>
        new(TestKeys.PublicJwk(algorithm.StartsWith("RSA", StringComparison.Ordinal) ? TestKeys.Rsa : TestKeys.Ec)) { Algorithm = algorithm, Encryption = encryption };

    private sealed class CountingDecryptor : IJwksDecryptor
    {
        public int Count { get; private set; }

        public ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken)
        {
            Count++;
            return new(JwksDecryption.Refused);
        }
    }

    /// <summary>Simulates a key management service, which returns the content encryption key and never the private key.</summary>
    private sealed class KeyService : IJwksDecryptor
    {
        public async ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var key = TestKeys.Rsa.Decrypt(token.EncryptedKey.Span, RSAEncryptionPadding.OaepSHA256);
            return token.Decrypt(key) is { } content ? JwksDecryption.Decrypted(content) : JwksDecryption.Refused;
        }
    }

    private sealed class BrokenService : IJwksDecryptor
    {
        public ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken) =>
            throw new TimeoutException("The key service did not answer.");
    }
}
