using System.Text;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;

namespace JwksAuth.Tests.Jose;

public class RegisteredClaimsTests
{
    [Fact]
    public void Usual_claims_are_read()
    {
        Assert.True(RegisteredClaims.TryRead("""{"iss":"https://issuer.test","aud":["a","b"],"sub":"u","exp":2000000000.5,"nbf":1,"iat":1e9,"jti":"1","x":{}}"""u8, out var claims));

        Assert.Equal("\"https://issuer.test\"", Encoding.UTF8.GetString(claims.Issuer));
        Assert.Equal((2000000000.5, 1.0, 1e9), (claims.ExpiresAt, claims.NotBefore, claims.IssuedAt));
        Assert.True(claims.IsFor(["x", "b"]));
        Assert.False(claims.IsFor(["x", "A", "a,b", ""]));
    }

    [Fact]
    public void Escaped_claims_are_read()
    {
        Assert.True(RegisteredClaims.TryRead("""{"\u0069ss":"i","\u0061\u0075\u0064":"a","e\u0078p":3,"n\u0062f":2,"ia\u0074":1}"""u8, out var claims));

        Assert.Equal("\"i\"", Encoding.UTF8.GetString(claims.Issuer));
        Assert.True(claims.IsFor(["a"]));
        Assert.Equal((3.0, 2.0, 1.0), (claims.ExpiresAt, claims.NotBefore, claims.IssuedAt));
    }

    [Theory]
    [InlineData("\"a\"", "a", true)]
    [InlineData("\"\\u0061\"", "a", true)]
    [InlineData("[\"b\",\"\\u0061\"]", "a", true)]
    [InlineData(" [ \"b\" , \"a\" ] ", "a", true)]
    [InlineData("[]", "a", false)]
    [InlineData("\"\"", "a", false)]
    [InlineData("\"a b\"", "a", false)]
    [InlineData("[\"a]\",\"\\\"a\\\"\"]", "a", false)]
    public void The_audience_is_compared_exactly(string audience, string wanted, bool expected)
    {
        Assert.True(RegisteredClaims.TryRead(Encoding.UTF8.GetBytes($"{{\"aud\":{audience}}}"), out var claims));

        Assert.Equal(expected, claims.IsFor([wanted]));
    }

    [Fact]
    public void A_token_without_an_audience_is_for_no_API()
    {
        Assert.True(RegisteredClaims.TryRead("{}"u8, out var claims));

        Assert.False(claims.IsFor(["a", ""]));
    }

    [Theory]
    [InlineData("iss", "1")]
    [InlineData("iss", "[\"a\"]")]
    [InlineData("\\u0069ss", "1")]
    [InlineData("sub", "1")]
    [InlineData("jti", "{}")]
    [InlineData("azp", "[\"a\"]")]
    [InlineData("aud", "1")]
    [InlineData("aud", "{\"a\":1}")]
    [InlineData("aud", "[\"a\",1]")]
    [InlineData("aud", "[1,\"a\"]")]
    [InlineData("aud", "[\"a\",null]")]
    [InlineData("aud", "[[\"a\"]]")]
    [InlineData("exp", "\"2000000000\"")]
    [InlineData("exp", "{}")]
    [InlineData("nbf", "\" \"")]
    [InlineData("sub", "[null]")]
    [InlineData("jti", "[\"\"]")]
    [InlineData("azp", "false")]
    [InlineData("exp", "true")]
    [InlineData("exp", "[2000000000]")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "1e400")]
    [InlineData("exp", "253402300800")]
    [InlineData("nbf", "\"1\"")]
    [InlineData("nbf", "-1e-9")]
    [InlineData("iat", "{}")]
    [InlineData("ia\\u0074", "\"1\"")]
    public void A_claim_of_the_wrong_type_is_refused_and_named(string name, string value)
    {
        Assert.False(RegisteredClaims.TryRead(Encoding.UTF8.GetBytes($"{{\"{name}\":{value}}}"), out var claims));

        Assert.Equal(JsonMembers.ToText(Encoding.UTF8.GetBytes($"\"{name}\"")), Encoding.UTF8.GetString(claims.WrongName));
        Assert.Equal(value, Encoding.UTF8.GetString(claims.WrongValue));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("[ \n\t\r ]")]
    public void An_empty_claim_counts_as_absent(string value)
    {
        foreach (var name in new[] { "iss", "aud", "exp", "nbf", "iat", "sub", "jti", "azp", "cnf", "\\u0065xp" })
        {
            Assert.True(RegisteredClaims.TryRead(Encoding.UTF8.GetBytes($"{{\"{name}\":{value}}}"), out var claims), name);

            Assert.True(claims.Issuer.IsEmpty && claims.Audience.IsEmpty && claims.Confirmation.IsEmpty);
            Assert.Equal(default((double?, double?, double?)), (claims.ExpiresAt, claims.NotBefore, claims.IssuedAt));
            Assert.False(claims.IsFor(["", "null"]));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("0")]
    [InlineData("false")]
    [InlineData("[null]")]
    [InlineData("\" \"")]
    public void A_confirmation_without_a_method_still_binds_the_token(string value)
    {
        Assert.True(RegisteredClaims.TryRead(Encoding.UTF8.GetBytes($"{{\"cnf\":{value}}}"), out var claims));

        Assert.Equal(value, Encoding.UTF8.GetString(claims.Confirmation));
    }

    [Theory]
    [InlineData("""{"exp":1,"exp":2}""")]
    [InlineData("""{"exp":1,"e\u0078p":2}""")]
    [InlineData("""{"x":1,"x":1}""")]
    [InlineData("""{"exp":1}{}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void Anything_but_an_object_and_any_duplicate_is_refused(string json) => Assert.False(RegisteredClaims.TryRead(Encoding.UTF8.GetBytes(json), out _));
}
