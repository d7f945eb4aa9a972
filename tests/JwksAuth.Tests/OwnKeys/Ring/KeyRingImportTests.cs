using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.OwnKeys.Ring;

/// <summary>Every format of a private key, and inputs that are not private keys.</summary>
public sealed class KeyRingImportTests : IDisposable
{
    private const string Password = "a password for tests";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-keys-");

    public static TheoryData<string, string> Containers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in new[] { "RSA", "EC" })
            {
                foreach (var container in new[] { "pkcs8", "traditional", "encrypted", "bare", "file", "bundle", "pfx", "jwk", "jwk file" })
                    data.Add(kind, container);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task Each_container_gives_the_same_key(string kind, string container)
    {
        AsymmetricAlgorithm key = kind == "RSA" ? TestKeys.Rsa : TestKeys.Ec;

        using var ring = TestKeyRing.Of(Contain(key, container));

        Assert.Empty(ring.Ring.Faults);
        Assert.Equal(TestKeys.Thumbprint(key), Assert.Single(ring.Ring.State.Keys).KeyId);
        var encryption = new FakeEncryption(TestKeys.PublicJwk(key)) { Algorithm = kind == "RSA" ? "RSA-OAEP-256" : "ECDH-ES" };
        Assert.Null((await ring.OpenAsync(encryption.Encrypt("content"))).Failure);
    }

    [Theory]
    [InlineData("bundle")]
    [InlineData("pfx")]
    public void The_certificate_of_the_key_comes_first(string container)
    {
        using var ring = TestKeyRing.Of(Contain(TestKeys.Ec, container));

        using var own = X509CertificateLoader.LoadCertificate(Assert.Single(ring.Ring.State.Keys).Certificates[0]);

        Assert.Equal(TestKeys.Ec.ExportSubjectPublicKeyInfo(), own.PublicKey.ExportSubjectPublicKeyInfo());
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { TestKeys.Rsa.ExportSubjectPublicKeyInfoPem(), "contains no private key" },
        { TestKeys.Rsa.ExportRSAPublicKeyPem(), "contains no private key" },
        { TestKeys.Ec.ExportSubjectPublicKeyInfoPem(), "contains no private key" },
        { Convert.ToBase64String(TestKeys.Ec.ExportSubjectPublicKeyInfo()), "is not a readable PEM private key" },
        { "no key at all", "is not a readable PEM private key" },
        { TestKeys.Pem(TestKeys.Rsa)[..200] + "\n-----END PRIVATE KEY-----", "is not a readable PEM private key" },
        { TestKeys.Pem(TestKeys.Ec) + "\n" + TestKeys.Pem(TestKeys.Rsa), "is not a readable PEM private key" },
        { TestKeys.Ec.ExportEncryptedPkcs8PrivateKeyPem("another password", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)), "or its password is wrong" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_PEM_without_a_private_key_is_a_fault_that_names_the_option_and_quotes_nothing(string pem, string fault)
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = pem, KeyId = "mine", Password = Password });

        var reported = Assert.Single(ring.Ring.Faults);
        Assert.Contains("Keys[0].Pem (JwksAuth:KeyRing:Keys:0:Pem)", reported, StringComparison.Ordinal);
        Assert.Contains(fault, reported, StringComparison.Ordinal);
        Assert.Contains("'mine'", reported, StringComparison.Ordinal);
        Assert.DoesNotContain(pem[..Math.Min(40, pem.Length)], reported, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, reported, StringComparison.Ordinal);
        Assert.False(ring.Ring.IsConfigured);
    }

    [Theory]
    [InlineData("""{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}""", "is symmetric")]
    [InlineData("""{"kty":"OKP","crv":"X25519","x":"AA","d":"AA"}""", "is neither an RSA nor an EC key")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}""", "contains no private key")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB"}""", "contains no private key")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}""", "has no member p")]
    [InlineData("""{"kty":"RSA","kty":"EC"}""", "is not a JWK")]
    [InlineData("""{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA","d":"AA"}""", "is not on one of the curves P-256, P-384 and P-521")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}""", "is not a well-formed private JWK")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","kid":"not its own d"}""", "is not a well-formed private JWK")]
    [InlineData("[]", "is not a JWK")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":null}""", "contains no private key")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","d":""}""", "contains no private key")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","d":[]}""", "contains no private key")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","oth":[{"r":"AQAB","d":"AQAB","t":"AQAB"}]}""", "has more than two prime factors")]
    public void A_JWK_without_a_private_key_is_a_fault(string jwk, string fault)
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Jwk = jwk });

        Assert.Contains(fault, Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_RSA_key_is_a_fault()
    {
        using var small = RSA.Create(1024);
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(small) });

        Assert.Contains("1024 bits", Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_key_is_a_fault()
    {
        using var foreign = TestKeys.Certify(TestKeys.Rsa);
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) + "\n" + foreign.ExportCertificatePem() });

        Assert.Contains("none of them is for this key", Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void No_container_or_two_containers_are_a_fault()
    {
        using var none = TestKeyRing.Of(new JwksPrivateKey());
        using var two = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec), PemFile = "also.pem" });

        Assert.Contains("exactly one of", Assert.Single(none.Ring.Faults), StringComparison.Ordinal);
        Assert.Contains("exactly one of", Assert.Single(two.Ring.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sig", "RSA-OAEP-256")]
    [InlineData("enc", "RS256")]
    [InlineData("enc", "RSA1_5")]
    [InlineData("enc", "ECDH-ES")]
    [InlineData("sig", "ES256")]
    [InlineData("sig", "HS256")]
    public void An_algorithm_that_does_not_fit_the_key_is_a_fault(string use, string algorithm)
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), Use = use, Algorithm = algorithm });

        Assert.Contains($"Keys[0].Algorithm '{algorithm}'", Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void One_faulty_key_makes_the_whole_ring_faulty()
    {
        using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) }, new JwksPrivateKey { PemFile = Path.Combine(_folder.FullName, "absent.pem") });

        Assert.False(ring.Ring.IsConfigured);
        Assert.Contains("absent.pem' (JwksAuth:KeyRing:Keys:1:PemFile) cannot be read (FileNotFoundException)", Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kid_that_is_used_twice_is_a_fault()
    {
        using var ring = TestKeyRing.Of(
            new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec), KeyId = "1" }, new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), KeyId = "1" });

        Assert.Contains("Keys[1].KeyId '1'", Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void The_members_of_a_JWK_apply_unless_options_override_them()
    {
        var jwk = TestKeys.Jwk(TestKeys.Rsa);
        jwk["kid"] = "from-the-jwk";
        jwk["use"] = "sig";
        jwk["alg"] = "PS256";

        using var said = TestKeyRing.Of(new JwksPrivateKey { Jwk = jwk.ToJsonString() });
        using var overruled = TestKeyRing.Of(new JwksPrivateKey { Jwk = jwk.ToJsonString(), KeyId = "mine", Use = "enc", Algorithm = "RSA-OAEP" });

        Assert.Equal(("from-the-jwk", false, "PS256"), Facts(said));
        Assert.Equal(("mine", true, "RSA-OAEP"), Facts(overruled));

        static (string KeyId, bool IsForEncryption, string? Algorithm) Facts(TestKeyRing ring) =>
            Assert.Single(ring.Ring.State.Keys) is var key ? (key.KeyId, key.IsForEncryption, key.Algorithm) : default;
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public void Empty_members_of_a_JWK_count_as_absent(string value)
    {
        foreach (var key in (AsymmetricAlgorithm[])[TestKeys.Rsa, TestKeys.Ec])
        {
            var jwk = TestKeys.Jwk(key);
            foreach (var member in (string[])["kid", "use", "alg", "key_ops", "oth", "x5c", "x5t", "x5u", "k"])
                jwk[member] = JsonNode.Parse(value);

            using var ring = TestKeyRing.Of(new JwksPrivateKey { Jwk = jwk.ToJsonString() });

            Assert.Empty(ring.Ring.Faults);
            Assert.Equal(TestKeys.Thumbprint(key), Assert.Single(ring.Ring.State.Keys).KeyId);
        }
    }

    [Fact]
    public void A_JWK_written_by_IdentityModel_is_accepted()
    {
        var jwk = JsonSerializer.Serialize(JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(TestKeys.Rsa.ExportParameters(true))));

        using var ring = TestKeyRing.Of(new JwksPrivateKey { Jwk = jwk });

        Assert.Contains("\"oth\":[]", jwk, StringComparison.Ordinal);
        Assert.Empty(ring.Ring.Faults);
    }

    [SkippableTheory]
    [InlineData("0600", false)]
    [InlineData("0640", true)]
    [InlineData("0604", true)]
    public void A_file_that_others_can_read_causes_a_warning(string mode, bool isWarned)
    {
        Skip.If(OperatingSystem.IsWindows(), "Files have no Unix mode here.");
        var path = Write("key.pem", TestKeys.Pem(TestKeys.Ec));
#pragma warning disable CA1416 // skipped where modes do not exist
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
#pragma warning restore CA1416
        using var log = new RecordedLog();

        using var ring = new TestKeyRing(options => options.Keys.Add(new JwksPrivateKey { PemFile = path }), logger: log);

        Assert.True(ring.Ring.IsConfigured);
        Assert.Equal(isWarned, log.Entries.Any(entry => entry.Id.Name == "KeyFileReadable" && entry.Text.Contains(path, StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private JwksPrivateKey Contain(AsymmetricAlgorithm key, string container)
    {
        using var certificate = TestKeys.Certify(key);
        using var other = TestKeys.Certify(TestKeys.OtherRsa);
        return container switch
        {
            "pkcs8" => new() { Pem = TestKeys.Pem(key) },
            "traditional" => new() { Pem = key is RSA rsa ? rsa.ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem() },
            "encrypted" => new() { Pem = key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)), Password = Password },
            "bare" => new() { Pem = Convert.ToBase64String(key.ExportPkcs8PrivateKey()) },
            "file" => new() { PemFile = Write("key.pem", TestKeys.Pem(key)) },
            "bundle" => new() { Pem = other.ExportCertificatePem() + "\n" + certificate.ExportCertificatePem() + "\n" + TestKeys.Pem(key) },
            "pfx" => new() { PfxFile = Write("key.pfx", certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, Password)), Password = Password },
            "jwk" => new() { Jwk = TestKeys.Jwk(key).ToJsonString() },
            "jwk file" => new() { JwkFile = Write("key.json", TestKeys.Jwk(key).ToJsonString()) },
            _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"unknown container {container}"), nameof(container)),
        };
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
