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
    public void The_application_prefix_of_a_type_is_optional(string type, string accepted, bool expected) => Assert.Equal(expected, HeaderIsOfType(type, accepted));

    [Fact]
    public void A_long_type_matches_no_type()
    {
        Assert.True(HeaderIsOfType(new string('t', 64), new string('t', 64)));
        Assert.False(HeaderIsOfType(new string('t', 65), new string('t', 65)));
    }

    [Theory]
    [InlineData("""{"x5t":"short","x5t#S256":"much longer"}""")]
    [InlineData("""{"x5t#S256":"much longer","x5t":"short"}""")]
    [InlineData("""{"x5t#S256":"much longer"}""")]
    [InlineData("""{"x5t":"much longer"}""")]
    public void Of_two_certificate_thumbprints_the_longer_one_is_used(string json)
    {
        Assert.True(JoseHeader.TryRead(Encoding.UTF8.GetBytes(json), out var header));

        Assert.Equal("\"much longer\"", Encoding.UTF8.GetString(header.CertificateThumbprint));
    }

    [Fact]
    public void The_content_type_is_read_if_it_is_a_string()
    {
        Assert.True(JoseHeader.TryRead("""{"cty":"JWT"}"""u8, out _));
        Assert.False(JoseHeader.TryRead("""{"cty":["JWT"]}"""u8, out _));
        Assert.False(JoseHeader.TryRead("""{"x5t#S256":7}"""u8, out _));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"an algorithm with a long name\"")]
    public void A_header_without_alg_has_no_algorithm(string name)
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
