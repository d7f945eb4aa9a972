using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Jose.Encryption;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Jose.Encryption;

/// <summary>Opening encrypted tokens: what is accepted, what is refused before a key is used, and what no input can do.</summary>
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
    public async Task OpenAsync_AcceptedPair_GivesTheContent(string algorithm, string encryption)
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
    public async Task OpenAsync_AnyOtherPair_IsRefusedBeforeAKeyIsUsed(string algorithm, string encryption)
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
    public async Task OpenAsync_Rsa15_IsRefusedBeforeAKeyIsUsed()
    {
        var decryptor = new CountingDecryptor();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor>(decryptor));

        Assert.Equal(JweFailure.Algorithm, (await ring.OpenAsync(Encryption("RSA1_5", "A256GCM").Encrypt(Content))).Failure);
        Assert.Equal(0, decryptor.Count);
    }

    [Theory]
    [InlineData("P-384")]
    [InlineData("P-521")]
    public async Task OpenAsync_OtherCurve_GivesTheContent(string curve)
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
    public async Task OpenAsync_ExtensionThatIsNotSupported_IsRefused(string name, string value)
    {
        using var ring = BothKinds();
        var encryption = Encryption("RSA-OAEP-256", "A256GCM") with { Header = new JsonObject { [name] = JsonNode.Parse(value) } };

        Assert.Equal(JweFailure.UnsupportedExtension, (await ring.OpenAsync(encryption.Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task OpenAsync_ClaimsRepeatedInTheHeader_AreNoObstacle()
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
    public async Task OpenAsync_BrokenEphemeralKey_IsRefused(string key, string failure)
    {
        using var ring = BothKinds();
        var encryption = Encryption("ECDH-ES", "A256GCM") with { Header = new JsonObject { ["epk"] = JsonNode.Parse(key) } };

        Assert.Equal(failure, (await ring.OpenAsync(encryption.Encrypt(Content))).Failure.ToString());
    }

    [Fact]
    public async Task OpenAsync_KeyOfSomebodyElse_IsRefusedAsATokenThatWasChangedIs()
    {
        using var ring = BothKinds();
        var foreign = new FakeEncryption(TestKeys.PublicJwk(TestKeys.OtherRsa)).Encrypt(Content);
        var changed = Encryption("RSA-OAEP-256", "A256GCM").Encrypt(Content).Split('.');
        changed[3] = Base64UrlEncoder.Encode("another text");

        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(foreign)).Failure);
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(string.Join('.', changed))).Failure);
    }

    [Fact]
    public async Task OpenAsync_NoKid_TriesTheLiveKeys()
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.OtherRsa) }, new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa) });

        Assert.Null((await ring.OpenAsync((Encryption("RSA-OAEP-256", "A256GCM") with { KeyId = null }).Encrypt(Content))).Failure);
    }

    [Theory]
    [InlineData("a kid that we do not have")]
    [InlineData("")]
    [InlineData("MINE")]
    [InlineData("other")]
    public async Task OpenAsync_AnyOtherKid_DoesNotUseTheKey(string keyId)
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
    public void FindDecryptionKeys_Kid_BoundsThePrivateOperations(string? keyId, int operations)
    {
        using var ring = TestKeyRing.Of(
            [.. Enumerable.Range(0, 6).Select(index => new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = $"{index}" }), new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = "mine" }]);
        var header = JweHeader.TryRead(Encoding.UTF8.GetBytes(keyId is null ? "{}" : $$"""{"kid":"{{keyId}}"}"""))!;
        var token = new JwksEncryptedToken(header, KeyManagementAlgorithm.EcdhEs, ContentEncryptionAlgorithm.A128Gcm, new JweParts([], [], [], [], [], []));

        Assert.Equal(operations, ring.Ring.FindDecryptionKeys(token).Count());
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task OpenAsync_PartsOfEveryLength_AreTheFaultOfTheToken(string algorithm, string encryption)
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
    public async Task OpenAsync_NoContent_NeverReachesADecryptor(string algorithm, string encryption)
    {
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, BrokenService>());
        var parts = Encryption(algorithm, encryption).Encrypt(Content).Split('.');

        Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync($"{parts[0]}.{parts[1]}.{parts[2]}..{parts[4]}")).Failure);
    }

    [Fact]
    public async Task OpenAsync_ManyKeys_TriesTheNamedOneAndWithoutAKidFourAtMost()
    {
        var keys = Enumerable.Range(0, 6).Select(index => new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = $"{index}" });
        using var ring = TestKeyRing.Of([.. keys, new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec), KeyId = "last" }]);
        var encryption = Encryption("ECDH-ES", "A128GCM");

        Assert.Null((await ring.OpenAsync((encryption with { KeyId = "last" }).Encrypt(Content))).Failure);
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync((encryption with { KeyId = null }).Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task OpenAsync_KeyBoundToAnotherAlgorithm_IsNotUsed()
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), Algorithm = "RSA-OAEP-256" });

        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task OpenAsync_SignatureKey_DecryptsNothing()
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), Use = "sig" });

        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task OpenAsync_TooLong_IsRefusedBeforeItIsRead()
    {
        using var ring = BothKinds();

        Assert.Equal(JweFailure.TooLong, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(new string('x', 16 * 1024)))).Failure);
    }

    [Fact]
    public async Task OpenAsync_LongestToken_IsOpened()
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
    public async Task OpenAsync_HeaderThatLacksWhatOpeningNeeds_NeverReachesADecryptor(string header, string failure)
    {
        var decryptor = new CountingDecryptor();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor>(decryptor));
        var parts = Encryption("ECDH-ES", "A256GCM").Encrypt(Content).Split('.');

        Assert.Equal(failure, (await ring.OpenAsync(string.Join('.', [Base64UrlEncoder.Encode(header), .. parts[1..]]))).Failure.ToString());
        Assert.Equal(0, decryptor.Count);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task OpenAsync_PartsOfTheWrongLength_NeverReachADecryptor(string algorithm, string encryption)
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
    public async Task OpenAsync_CallerGaveUp_LetsTheExceptionOut()
    {
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, BrokenService>());
        var token = Encryption("RSA-OAEP", "A256GCM").Encrypt(Content);

        await Assert.ThrowsAsync<TimeoutException>(() => ring.Opener.OpenAsync(token, TestKeyRing.AnyPolicy, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public async Task OpenAsync_WithoutAKeyRing_SaysNothingOfTheToken()
    {
        using var ring = new TestKeyRing();

        Assert.Equal(JweFailure.Unavailable, (await ring.OpenAsync(Encryption("RSA-OAEP", "A256GCM").Encrypt(Content))).Failure);
    }

    [Fact]
    public async Task OpenAsync_DecryptorOfTheApplication_IsAskedInPlaceOfTheKeyRing()
    {
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, KeyService>());

        var opening = await ring.OpenAsync(Encryption("RSA-OAEP-256", "A128CBC-HS256").Encrypt(Content));

        Assert.Equal(Content, Encoding.UTF8.GetString(opening.Content.Span));
    }

    [Fact]
    public async Task OpenAsync_DecryptorThatFails_IsUnavailableAndLoggedOnce()
    {
        using var log = new RecordedLog();
        using var ring = new TestKeyRing(services: services => services.AddSingleton<IJwksDecryptor, BrokenService>(), logger: log, time: new FakeClock());
        var token = Encryption("RSA-OAEP-256", "A256GCM").Encrypt(Content);

        Assert.Equal(JweFailure.Unavailable, (await ring.OpenAsync(token)).Failure);
        Assert.Equal(JweFailure.Unavailable, (await ring.OpenAsync(token)).Failure);
        Assert.Single(log.Errors);
    }

    [Fact]
    public async Task OpenAsync_TwentyThousandMutatedTokens_AreResultsAndNothingGrows()
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

    /// <summary>Stands for a key management service, which gives the content encryption key and never the private key.</summary>
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
