using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tests.Keys.Retrieval;

public class MetadataAddressesTests
{
    [Theory]
    [InlineData("https://issuer.test", "", "")]
    [InlineData("https://issuer.test/", "", "")]
    [InlineData("https://issuer.test:8443/realms/one", "/realms/one", "/realms/one")]
    [InlineData("https://issuer.test/realms/one/", "/realms/one", "/realms/one")]
    public void The_OpenID_path_is_appended_to_the_authority_and_the_OAuth_path_inserted(string authority, string before, string after)
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
    public void The_issuer_of_a_well_known_address_is_the_rest_of_the_address(string address, string issuer) =>
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
    public void The_issuer_of_an_address_of_another_form_is_unknown(string address) => Assert.Null(MetadataAddresses.IssuerOf(address));
}
