using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tests.Keys.Retrieval;

public class MetadataAddressesTests
{
    [Theory]
    [InlineData("https://issuer.test", "", "")]
    [InlineData("https://issuer.test/", "", "")]
    [InlineData("https://issuer.test:8443/realms/one", "/realms/one", "/realms/one")]
    [InlineData("https://issuer.test/realms/one/", "/realms/one", "/realms/one")]
    public void Of_Authority_AppendsTheOpenIdPathAndInsertsTheOAuthOne(string authority, string before, string after)
    {
        var host = new Uri(authority).GetLeftPart(UriPartial.Authority);

        var (openId, oauth) = MetadataAddresses.Of(authority);

        Assert.Equal($"{host}{before}/.well-known/openid-configuration", openId);
        Assert.Equal($"{host}/.well-known/oauth-authorization-server{after}", oauth);
    }
}
