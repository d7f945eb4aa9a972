using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Jose.Encryption;
using JwksAuth.Tests.OwnKeys;

namespace JwksAuth.Tests.Vectors;

/// <summary>The encrypted objects that the JOSE RFCs and the RFC 7520 cookbook print.</summary>
public class RfcEncryptionTests
{
    [Fact]
    public async Task The_RSA_example_of_RFC_7516_is_decrypted()
    {
        var vector = Find("rfc/rfc7516.json", "rfc7516-A.1");
        using var ring = RingOf(vector["jwk"]!);

        var opening = await ring.OpenAsync((string)vector["token"]!);

        Assert.Equal((string)vector["plaintext_text"]!, Encoding.UTF8.GetString(opening.Content.Span));
    }

    [Theory]
    [InlineData("rfc7516-A.2")] // RSA1_5
    [InlineData("rfc7516-A.3")] // A128KW
    public async Task The_other_example_of_RFC_7516_is_refused_for_its_algorithm(string id)
    {
        var vector = Find("rfc/rfc7516.json", id);
        using var ring = RingOf(Find("rfc/rfc7516.json", "rfc7516-A.1")["jwk"]!);

        Assert.Equal(JweFailure.Algorithm, (await ring.OpenAsync((string)vector["token"]!)).Failure);
    }

    [Theory]
    [InlineData("rfc7516-A.4")]
    [InlineData("rfc7516-A.5")]
    public async Task The_JSON_form_of_RFC_7516_is_malformed(string id)
    {
        var vector = Find("rfc/rfc7516.json", id);
        using var ring = RingOf(Find("rfc/rfc7516.json", "rfc7516-A.1")["jwk"]!);

        Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync(vector["token"]!.ToJsonString())).Failure);
    }

    [Fact]
    public async Task The_password_based_example_of_RFC_7517_is_refused_for_its_algorithm()
    {
        using var ring = RingOf(Find("rfc/rfc7516.json", "rfc7516-A.1")["jwk"]!);

        Assert.Equal(JweFailure.Algorithm, (await ring.OpenAsync((string)Find("rfc/rfc7517.json", "rfc7517-C")["token"]!)).Failure);
    }

    [Theory]
    [InlineData("5_2.key_encryption_using_rsa-oaep_with_aes-gcm")]
    [InlineData("5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm")]
    [InlineData("5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2")]
    public async Task A_cookbook_example_with_a_key_pair_is_decrypted(string file)
    {
        var vector = VectorFiles.Read($"rfc7520/jwe/{file}.json");
        using var ring = RingOf(vector["input"]!["key"]!);

        var opening = await ring.OpenAsync((string)vector["output"]!["compact"]!);

        Assert.Equal((string)vector["input"]!["plaintext"]!, Encoding.UTF8.GetString(opening.Content.Span));
    }

    [Theory]
    [InlineData("5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2")]
    [InlineData("5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2")]
    [InlineData("5_6.direct_encryption_using_aes-gcm")]
    [InlineData("5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2")]
    [InlineData("5_8.key_wrap_using_aes-keywrap_with_aes-gcm")]
    [InlineData("5_9.compressed_content")]
    [InlineData("5_11.protecting_specific_header_fields")]
    [InlineData("5_12.protecting_content_only")]
    public async Task A_cookbook_example_with_another_algorithm_is_refused(string file)
    {
        using var ring = RingOf(CookbookRsaKey);

        foreach (var token in SerialisationsOf(VectorFiles.Read($"rfc7520/jwe/{file}.json")))
            Assert.Contains((await ring.OpenAsync(token)).Failure!.Value, new[] { JweFailure.Algorithm, JweFailure.Malformed });
    }

    [Fact]
    public async Task Every_JSON_form_of_the_cookbook_is_malformed()
    {
        using var ring = RingOf(CookbookRsaKey);
        var tokens = VectorFiles.In("rfc7520/jwe").SelectMany(path => SerialisationsOf(VectorFiles.Read(path))).Where(token => token[0] == '{').ToList();

        Assert.Equal(25, tokens.Count);
        foreach (var token in tokens)
            Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync(token)).Failure);
    }

    [Fact]
    public async Task The_nested_token_of_the_cookbook_gives_the_signed_token()
    {
        var vector = VectorFiles.Read("rfc7520/6.nesting_signatures_and_encryption.json");
        using var ring = RingOf(vector["encrypt"]!["input"]!["key"]!);

        var opening = await ring.OpenAsync((string)vector["encrypt"]!["output"]!["compact"]!);

        Assert.Equal("JWT", opening.ContentType);
        Assert.Equal((string)vector["sign"]!["output"]!["compact"]!, Encoding.UTF8.GetString(opening.Content.Span));
    }

    [Fact]
    public async Task Key_agreement_on_Curve25519_is_malformed()
    {
        using var ring = RingOf(CookbookRsaKey);

        foreach (var token in SerialisationsOf(VectorFiles.Read("rfc7520/curve25519/ecdh-es.json")))
            Assert.Equal(JweFailure.Malformed, (await ring.OpenAsync(token)).Failure);
    }

    [Theory]
    [InlineData("rfc7518-B.1", "A128CBC-HS256")]
    [InlineData("rfc7518-B.2", "A192CBC-HS384")]
    [InlineData("rfc7518-B.3", "A256CBC-HS512")]
    public void The_content_of_RFC_7518_is_decrypted_unless_a_bit_is_flipped(string id, string encryption)
    {
        var vector = Find("rfc/rfc7518.json", id);
        Assert.True(ContentEncryptionAlgorithms.TryParse(encryption, out var algorithm));
        byte[] Bytes(string member) => Convert.FromHexString((string)vector[member + "_hex"]!);
        var tag = Bytes("tag");

        Assert.Equal(Bytes("plaintext"), ContentDecryption.Decrypt(algorithm, Bytes("key"), Bytes("iv"), Bytes("ciphertext"), tag, Bytes("aad")));

        tag[^1] ^= 1;
        Assert.Null(ContentDecryption.Decrypt(algorithm, Bytes("key"), Bytes("iv"), Bytes("ciphertext"), tag, Bytes("aad")));
    }

    private static JsonNode CookbookRsaKey => VectorFiles.Read("rfc7520/jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json")["input"]!["key"]!;

    private static JsonNode Find(string file, string id) =>
        VectorFiles.Read(file)["cases"]!.AsArray().Single(vector => (string)vector!["id"]! == id)!;

    private static TestKeyRing RingOf(JsonNode jwk) => TestKeyRing.Of(new JwksPrivateKey { Jwk = jwk.ToJsonString() });

    private static IEnumerable<string> SerialisationsOf(JsonNode vector) => vector["output"]!.AsObject()
        .Select(form => form.Value is JsonValue text ? (string)text! : form.Value!.ToJsonString());
}
