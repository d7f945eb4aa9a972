using System.Buffers.Text;
using System.Text;
using JwksAuth.Jose;
using JwksAuth.Keys;

namespace JwksAuth.Tests.Jose;

public class SignedTokenReadingTests
{
    [Theory]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"a"}""", "a")]
    [InlineData("""{"alg":"ES256","typ":"application/AT+JWT"}""", null)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":""}""", "")]
    public void A_token_of_the_expected_type_is_read(string header, string? keyId)
    {
        var token = SignedToken.TryRead(TokenOf(header), new HeaderRules(["at+jwt"], mayLackType: false), out _)!;

        Assert.Equal((SignatureAlgorithm.ES256, keyId), (token.Algorithm, token.KeyId));
        Assert.Equal("{}", Encoding.UTF8.GetString(token.Payload));
    }

    [Theory]
    [InlineData("[]", "Malformed")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":7}""", "Malformed")]
    [InlineData("""{"alg":"none","typ":"at+jwt"}""", "Algorithm")]
    [InlineData("""{"alg":"HS256","typ":"at+jwt"}""", "Algorithm")]
    [InlineData("""{"typ":"at+jwt"}""", "Algorithm")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","crit":["a"],"a":1}""", "UnsupportedExtension")]
    [InlineData("""{"alg":"ES256","typ":"jwt"}""", "Type")]
    [InlineData("""{"alg":"ES256"}""", "Type")]
    public void Anything_else_is_refused_with_its_reason(string header, string fault)
    {
        Assert.Null(SignedToken.TryRead(TokenOf(header), new HeaderRules(["at+jwt"], mayLackType: false), out var actual));
        Assert.Equal(fault, actual.ToString());
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("")]
    public void A_missing_token_is_malformed(string text)
    {
        Assert.Null(SignedToken.TryRead(text, new HeaderRules(["at+jwt"], mayLackType: true), out var fault));
        Assert.Equal(SignedTokenFault.Malformed, fault);
    }

    [Fact]
    public void An_optional_type_is_still_checked_if_it_is_present()
    {
        Assert.NotNull(SignedToken.TryRead(TokenOf("""{"alg":"ES256"}"""), new HeaderRules(["at+jwt"], mayLackType: true), out _));
        Assert.Null(SignedToken.TryRead(TokenOf("""{"alg":"ES256","typ":"jwt"}"""), new HeaderRules(["at+jwt"], mayLackType: true), out var fault));
        Assert.Equal(SignedTokenFault.Type, fault);
    }

    [Fact]
    public void A_kid_has_at_most_256_characters()
    {
        string Named(int length) => TokenOf($$"""{"alg":"ES256","kid":"{{new string('k', length)}}"}""");

        Assert.Equal(256, SignedToken.TryRead(Named(256), new HeaderRules([], mayLackType: true), out _)!.KeyId!.Length);
        Assert.Null(SignedToken.TryRead(Named(257), new HeaderRules([], mayLackType: true), out var fault));
        Assert.Equal(SignedTokenFault.KeyIdTooLong, fault);
    }

    private static string TokenOf(string header) => $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString("{}"u8)}.{new string('A', 86)}";
}
