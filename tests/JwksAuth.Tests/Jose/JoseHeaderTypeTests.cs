using System.Text;
using JwksAuth.Jose;

namespace JwksAuth.Tests.Jose;

public class JoseHeaderTypeTests
{
    [Theory]
    [InlineData("at+jwt", "at+jwt", true)]
    [InlineData("AT+JWT", "at+jwt", true)]
    [InlineData("application/at+jwt", "at+jwt", true)]
    [InlineData("at+jwt", "application/at+jwt", true)]
    [InlineData("Application/at+jwt", "at+jwt", true)]
    [InlineData("application/at/jwt", "at/jwt", false)]
    [InlineData("text/at+jwt", "at+jwt", false)]
    [InlineData("jwt", "at+jwt", false)]
    [InlineData("", "at+jwt", false)]
    public void IsOfType_ApplicationMayBeLeftOut(string type, string accepted, bool expected) => Assert.Equal(expected, HeaderIsOfType(type, accepted));

    [Fact]
    public void IsOfType_LongType_IsNone()
    {
        Assert.True(HeaderIsOfType(new string('t', 64), new string('t', 64)));
        Assert.False(HeaderIsOfType(new string('t', 65), new string('t', 65)));
    }

    [Theory]
    [InlineData("""{"x5t":"short","x5t#S256":"much longer"}""")]
    [InlineData("""{"x5t#S256":"much longer","x5t":"short"}""")]
    [InlineData("""{"x5t#S256":"much longer"}""")]
    [InlineData("""{"x5t":"much longer"}""")]
    public void TryRead_CertificateThumbprints_GivesTheLongerOne(string json)
    {
        Assert.True(JoseHeader.TryRead(Encoding.UTF8.GetBytes(json), out var header));

        Assert.Equal("\"much longer\"", Encoding.UTF8.GetString(header.CertificateThumbprint));
    }

    [Fact]
    public void TryRead_ContentType_IsReadIfItIsText()
    {
        Assert.True(JoseHeader.TryRead("""{"cty":"JWT"}"""u8, out _));
        Assert.False(JoseHeader.TryRead("""{"cty":["JWT"]}"""u8, out _));
        Assert.False(JoseHeader.TryRead("""{"x5t#S256":7}"""u8, out _));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"an algorithm with a long name\"")]
    public void TryGetAlgorithm_NoAlgorithm_IsFalse(string name)
    {
        Assert.True(JoseHeader.TryRead(Encoding.UTF8.GetBytes($$"""{"alg":{{name}}}"""), out var header));

        Assert.False(header.TryGetAlgorithm(out _));
    }

    private static bool HeaderIsOfType(string type, string accepted)
    {
        Assert.True(JoseHeader.TryRead(Encoding.UTF8.GetBytes($$"""{"typ":"{{type}}"}"""), out var header));
        return header.IsOfType([accepted]);
    }
}
