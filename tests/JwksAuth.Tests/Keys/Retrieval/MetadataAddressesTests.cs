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

    [Theory]
    [InlineData("https://issuer.test/.well-known/openid-configuration", "https://issuer.test")]
    [InlineData("https://issuer.test:8443/realms/one/.well-known/openid-configuration", "https://issuer.test:8443/realms/one")]
    [InlineData("https://issuer.test/realms/one/.well-known/oauth-authorization-server", "https://issuer.test/realms/one")]
    [InlineData("https://issuer.test/.well-known/oauth-authorization-server/realms/one", "https://issuer.test/realms/one")]
    [InlineData("https://issuer.test/.well-known/openid-configuration/realms/one", "https://issuer.test/realms/one")]
    [InlineData("https://Issuer.test/.well-known/openid-configuration", "https://Issuer.test")]
    public void IssuerOf_WellKnownAddress_IsTheAddressWithoutTheWellKnownPart(string address, string issuer) =>
        Assert.Equal(issuer, MetadataAddresses.IssuerOf(address));

    [Theory]
    [InlineData("https://issuer.test/metadata")]
    [InlineData("https://issuer.test/.well-known/openid-configuration?policy=one")]
    [InlineData("https://issuer.test/.well-known/openid-configuration#one")]
    [InlineData("https://issuer.test/.well-known/openid-configuration.json")]
    [InlineData("https://issuer.test/realms/.well-known/openid-configuration/one")]
    [InlineData("https://issuer.test/.well-known/openid-configuration/.well-known/openid-configuration")]
    [InlineData("https://issuer.test/well-known/openid-configuration")]
    [InlineData("issuer.test/.well-known/openid-configuration")]
    public void IssuerOf_AddressOfAnotherForm_IsUnknown(string address) => Assert.Null(MetadataAddresses.IssuerOf(address));
}
