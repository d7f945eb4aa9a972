using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Vectors;

/// <summary>The keys that the JOSE RFCs and the RFC 7520 cookbook print.</summary>
public class RfcKeyTests
{
    [Theory]
    [InlineData("rfc7517-A.1", "2011-04-29", "NotForSignature")]
    [InlineData("rfc7517-A.2", "", "PrivateMaterial PrivateMaterial")]
    [InlineData("rfc7517-A.3", "", "Symmetric Symmetric")]
    public void Only_the_public_signature_keys_of_RFC_7517_are_kept(string id, string kept, string skipped)
    {
        var keys = Find("rfc/rfc7517.json", id)["jwks"]!["keys"]!.AsArray();

        var reading = Read(keys.Select(key => key!));

        Assert.Equal(kept, string.Join(' ', (reading.Set ?? KeySet.Empty).Keys.Select(key => key.KeyId)));
        Assert.Equal(skipped, string.Join(' ', reading.Skipped.Select(key => key.Reason)));
    }

    [Fact]
    public void A_key_with_its_certificate_is_kept()
    {
        var reading = Read([Find("rfc/rfc7517.json", "rfc7517-B")["jwk"]!]);

        Assert.Equal("1b94c", Assert.Single(reading.Set!.Keys).KeyId);
    }

    [Theory]
    [InlineData("rfc7638-3.1")]
    [InlineData("rfc7638-x1")]
    public void The_key_of_RFC_7638_is_identified_by_its_thumbprint(string id)
    {
        var vector = Find("rfc/rfc7638.json", id);
        var jwk = vector["jwk"]!.DeepClone().AsObject();
        jwk.Remove("use"); // one is for encryption, which changes no thumbprint

        var key = Assert.Single(Read([jwk]).Set!.Keys);

        Assert.Equal((string)vector["sha256_b64u"]!, Base64UrlEncoder.Encode(key.SecurityKey.ComputeJwkThumbprint()));
        Assert.StartsWith($"{(string)vector["sha256_b64u"]!} ", key.Identity, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rfc8037-A.1", SkippedKeyReason.PrivateMaterial)]
    [InlineData("rfc8037-A.2", SkippedKeyReason.UnsupportedKeyType)]
    [InlineData("rfc8037-A.3", SkippedKeyReason.UnsupportedKeyType)]
    public void The_Edwards_key_of_RFC_8037_is_skipped(string id, object reason) =>
        Assert.Equal(reason, Assert.Single(Read([Find("rfc/rfc8037.json", id)["jwk"]!]).Skipped).Reason);

    [Theory]
    [InlineData("3_1.ec_public_key", null)]
    [InlineData("3_2.ec_private_key", SkippedKeyReason.PrivateMaterial)]
    [InlineData("3_3.rsa_public_key", null)]
    [InlineData("3_4.rsa_private_key", SkippedKeyReason.PrivateMaterial)]
    [InlineData("3_5.symmetric_key_mac_computation", SkippedKeyReason.Symmetric)]
    [InlineData("3_6.symmetric_key_encryption", SkippedKeyReason.Symmetric)]
    public void A_key_of_the_cookbook_is_kept_if_it_is_public(string file, object? reason)
    {
        var reading = Read([VectorFiles.Read($"rfc7520/jwk/{file}.json")]);

        Assert.Equal(reason, reading.Skipped.Select(key => (SkippedKeyReason?)key.Reason).SingleOrDefault());
        Assert.Equal(reason is null, reading.Set is not null);
    }

    private static JsonNode Find(string file, string id) =>
        VectorFiles.Read(file)["cases"]!.AsArray().Single(vector => (string)vector!["id"]! == id)!;

    private static JwksReading Read(IEnumerable<JsonNode> keys) =>
        new JwksReader(new KeyReadingSettings(), TimeProvider.System).Read(VectorFiles.SetOf(keys), null);
}
