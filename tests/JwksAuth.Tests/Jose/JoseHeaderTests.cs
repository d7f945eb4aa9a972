using System.Text;
using JwksAuth.Jose;

namespace JwksAuth.Tests.Jose;

public class JoseHeaderTests
{
    [Fact]
    public void A_usual_header_gives_its_raw_values()
    {
        Assert.True(JoseHeader.TryRead("""{"kid":"k\u0031","typ":"at+jwt","alg":"ES256","x5t":"AA","jku":"https://evil.example"}"""u8, out var header));

        Assert.Equal("\"ES256\"", Encoding.UTF8.GetString(header.Algorithm));
        Assert.Equal("\"k\\u0031\"", Encoding.UTF8.GetString(header.KeyId));
        Assert.Equal("\"at+jwt\"", Encoding.UTF8.GetString(header.Type));
        Assert.False(header.HasUnsupportedExtension);
    }

    [Theory]
    [InlineData("kid")]
    [InlineData("alg")]
    [InlineData("typ")]
    [InlineData("a name of more than seven bytes")]
    public void A_duplicate_member_after_many_others_is_refused(string name)
    {
        var fillers = string.Join(',', Enumerable.Range(0, 50).Select(number => $"\"f{number}\":1"));

        Assert.True(JoseHeader.TryRead(Encoding.UTF8.GetBytes($$"""{{{fillers}},"{{name}}":"ES256"}"""), out _));
        Assert.False(JoseHeader.TryRead(Encoding.UTF8.GetBytes($$"""{{{fillers}},"{{name}}":"ES256","{{name}}":"ES384"}"""), out _));
        Assert.False(JoseHeader.TryRead(Encoding.UTF8.GetBytes($$"""{"{{name}}":"ES256",{{fillers}},"{{name}}":"ES384"}"""), out _));
    }

    [Fact]
    public void An_empty_header_has_no_values()
    {
        Assert.True(JoseHeader.TryRead("{}"u8, out var header));

        Assert.True(header.Algorithm.IsEmpty && header.KeyId.IsEmpty && header.Type.IsEmpty);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    [InlineData("""{"alg":"ES256","crit":null}""")]
    [InlineData("""{"alg":"ES256","b64":false,"crit":["b64"]}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":true}""")]
    [InlineData("""{"zip":"DEF","alg":"ES256"}""")]
    public void An_extension_is_reported(string json)
    {
        Assert.True(JoseHeader.TryRead(Encoding.UTF8.GetBytes(json), out var header));

        Assert.True(header.HasUnsupportedExtension);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","alg":"none"}""")]
    [InlineData("""{"alg":"ES256","x":1,"x":1}""")]
    [InlineData("""{"alg":"ES256","kid":"a","kid":"a"}""")]
    [InlineData("""{"\u0061lg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","a\u006cg":"none"}""")]
    [InlineData("""{"alg":"ES256","cr\u0069t":["x"]}""")]
    [InlineData("""{"alg":256}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{"alg":"ES256","kid":1}""")]
    [InlineData("""{"alg":"ES256","kid":null}""")]
    [InlineData("""{"alg":"ES256","kid":{"a":1}}""")]
    [InlineData("""{"alg":"ES256","typ":true}""")]
    [InlineData("""{"alg":"ES256","cty":1}""")]
    [InlineData("""{"alg":"ES256","x5t":["a"]}""")]
    [InlineData("""{"alg":"ES256"} x""")]
    [InlineData("""{"alg":"ES256" """)]
    [InlineData("""["alg"]""")]
    [InlineData("ES256")]
    [InlineData("")]
    public void Anything_but_a_header_is_refused(string json) => Assert.False(JoseHeader.TryRead(Encoding.UTF8.GetBytes(json), out _));
}
