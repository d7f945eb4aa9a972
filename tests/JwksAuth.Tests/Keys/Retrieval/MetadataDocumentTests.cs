using System.Text;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tests.Keys.Retrieval;

public class MetadataDocumentTests
{
    private const string Issuer = "https://issuer.test";

    [Theory]
    [InlineData("https://issuer.test", "https://issuer.test")]
    [InlineData("https://issuer.test", "https://issuer.test/")]
    [InlineData("https://issuer.test/", "https://issuer.test")]
    [InlineData("https://anyone.test", null)]
    public void Read_IssuerAsExpected_GivesItToTheLetter(string issuer, string? expected)
    {
        var document = Read($$"""{"issuer":"{{issuer}}","jwks_uri":"https://issuer.test/jwks"}""", expected).Document;

        Assert.Equal(issuer, document?.Issuer);
        Assert.Equal("https://issuer.test/jwks", document?.JwksUri);
    }

    [Theory]
    [InlineData("""{"issuer":"https://other.test","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":"https://ISSUER.test","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":"","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":42,"jwks_uri":"https://x.test"}""")]
    [InlineData("""{"jwks_uri":"https://x.test"}""")]
    public void Read_AnotherIssuer_IsAMismatch(string json) => Assert.Equal(FetchFailure.IssuerMismatch, Read(json, Issuer).Failure);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"issuer":"https://issuer.test","issuer":"https://issuer.test","jwks_uri":"https://x.test"}""")]
    public void Read_NoStrictJsonObject_IsNotJson(string json) => Assert.Equal(FetchFailure.NotJson, Read(json, Issuer).Failure);

    [Theory]
    [InlineData("""{"issuer":"https://issuer.test"}""")]
    [InlineData("""{"issuer":"https://issuer.test","jwks_uri":""}""")]
    [InlineData("""{"issuer":"https://issuer.test","jwks_uri":["https://x.test"]}""")]
    public void Read_NoAddressOfKeys_SaysSo(string json) => Assert.Equal(FetchFailure.NoJwksUri, Read(json, Issuer).Failure);

    private static (MetadataDocument? Document, FetchFailure? Failure, string? Error) Read(string json, string? expected) =>
        MetadataDocument.Read(Encoding.UTF8.GetBytes(json), expected, 0);
}
