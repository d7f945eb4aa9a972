using System.Text;
using JwksAuth.Jose.Encryption;

namespace JwksAuth.Tests.Jose.Encryption;

public class JweHeaderTests
{
    private const string Point = "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"";
    private const string Key = "\"kty\":\"EC\",\"crv\":\"P-256\"," + Point;

    [Fact]
    public void Each_known_member_is_read()
    {
        var header = Read($$$"""{"alg":"ECDH-ES","enc":"A128GCM","kid":"k","cty":"JWT","typ":"JWT","apu":"QWxpY2U","apv":"Qm9i","epk":{{{{Key}}}},"iss":"x"}""")!;

        Assert.Equal(("ECDH-ES", "A128GCM", "k", "JWT"), (header.Algorithm, header.Encryption, header.KeyId, header.ContentType));
        Assert.Equal("Alice Bob", $"{Encoding.UTF8.GetString(header.PartyUInfo)} {Encoding.UTF8.GetString(header.PartyVInfo)}");
        Assert.Equal(32, header.EphemeralKey!.Value.Q.X!.Length);
        Assert.False(header.HasUnsupportedExtension);
    }

    [Theory]
    [InlineData("alg")]
    [InlineData("enc")]
    [InlineData("kid")]
    [InlineData("cty")]
    [InlineData("typ")]
    [InlineData("apu")]
    [InlineData("apv")]
    [InlineData("epk")]
    public void A_known_member_of_another_type_is_refused(string name)
    {
        foreach (var value in (string[])["1", "null", "true", "[\"a\"]", "{\"a\":\"b\"}"])
            Assert.Null(Read($$"""{"{{name}}":{{value}}}"""));
    }

    [Theory]
    [InlineData("alg", 64)]
    [InlineData("enc", 64)]
    [InlineData("cty", 64)]
    [InlineData("kid", 256)]
    [InlineData("apu", 512)]
    [InlineData("apv", 512)]
    public void A_text_that_is_too_long_is_refused(string name, int longest)
    {
        Assert.NotNull(Read($$"""{"{{name}}":""}"""));
        Assert.NotNull(Read($$"""{"{{name}}":"{{new string('A', longest)}}"}"""));
        Assert.Null(Read($$"""{"{{name}}":"{{new string('A', longest + 4)}}"}"""));
    }

    [Theory]
    [InlineData("""{"alg":"RSA-OAEP","alg":"RSA-OAEP-256"}""")]
    [InlineData("""{"alg":"RSA-OAEP","x":1,"x":1}""")]
    [InlineData("""{"a name of more than seven bytes":1,"a name of more than seven bytes":1}""")]
    [InlineData("""{"\u0061lg":"RSA-OAEP"}""")]
    [InlineData("""{"zi\u0070":"DEF"}""")]
    [InlineData("""{"apu":"a b"}""")]
    [InlineData("""{"apv":"="}""")]
    [InlineData("""{"alg":"RSA-OAEP"} x""")]
    [InlineData("""["alg"]""")]
    [InlineData("")]
    public void An_ambiguous_or_malformed_header_is_refused(string json) => Assert.Null(Read(json));

    [Theory]
    [InlineData("\"kty\":\"RSA\",\"crv\":\"P-256\"," + Point)]
    [InlineData("\"crv\":\"P-256\"," + Point)]
    [InlineData("\"kty\":\"EC\"," + Point)]
    [InlineData("\"kty\":\"EC\",\"crv\":\"P-384\"," + Point)]
    [InlineData("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\"")]
    [InlineData("\"kty\":\"EC\",\"crv\":\"P-256\",\"y\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\"")]
    [InlineData("\"kty\":\"EC\",\"crv\":\"P-256\",\"z\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\"")]
    [InlineData("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"")]
    [InlineData(Key + ",\"d\":\"AA\"")]
    [InlineData(Key + ",\"kty\":\"EC\"")]
    [InlineData(Key + ",\"a name of more than seven bytes\":1,\"a name of more than seven bytes\":1")]
    [InlineData(Key + ",\"\\u0064\":\"AA\"")]
    public void An_ephemeral_key_that_is_not_a_public_EC_key_is_refused(string key) => Assert.Null(Read($$$"""{"epk":{{{{key}}}}}"""));

    private static JweHeader? Read(string json) => JweHeader.TryRead(Encoding.UTF8.GetBytes(json));
}
