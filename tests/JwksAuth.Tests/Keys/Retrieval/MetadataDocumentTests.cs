using System.Text;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
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
    public void The_expected_issuer_is_returned_exactly_as_written(string issuer, string? expected)
    {
        var document = Read($$"""{"issuer":"{{issuer}}","jwks_uri":"https://issuer.test/jwks"}""", expected).Document;

        Assert.Equal(issuer, document?.Issuer);
        Assert.Equal("https://issuer.test/jwks", document?.JwksUri);
    }

    [Theory]
    [InlineData("""{"issuer":"https://other.test","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":"https://ISSUER.test","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":"https://issuer.test//","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":"https://issuer.test:443","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":"https://issuer.test?","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":"","jwks_uri":"https://x.test"}""")]
    [InlineData("""{"issuer":42,"jwks_uri":"https://x.test"}""")]
    [InlineData("""{"jwks_uri":"https://x.test"}""")]
    public void Another_issuer_is_a_mismatch(string json) => Assert.Equal(FetchFailure.IssuerMismatch, Read(json, Issuer).Failure);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"issuer":"https://issuer.test","issuer":"https://issuer.test","jwks_uri":"https://x.test"}""")]
    public void Anything_but_a_strict_JSON_object_is_not_JSON(string json) => Assert.Equal(FetchFailure.NotJson, Read(json, Issuer).Failure);

    [Theory]
    [InlineData("""{"issuer":"https://issuer.test"}""")]
    [InlineData("""{"issuer":"https://issuer.test","jwks_uri":""}""")]
    [InlineData("""{"issuer":"https://issuer.test","jwks_uri":null}""")]
    [InlineData("""{"issuer":"https://issuer.test","jwks_uri":["https://x.test"]}""")]
    public void Metadata_without_an_address_of_keys_is_valid(string json) => Assert.Null(Read(json, Issuer).Document!.JwksUri);

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Written_metadata_is_read_back_completely(int size)
    {
        var json = """
            {"issuer":"https://issuer.test","jwks_uri":"https://issuer.test/jwks","introspection_endpoint":"https://issuer.test/introspect",
             "mtls_endpoint_aliases":{"introspection_endpoint":"https://mtls.issuer.test/introspect"}}
            """ + new string(' ', size);
        var document = Read(json, Issuer).Document!;

        Assert.Equal("https://mtls.issuer.test/introspect", document.CertificateIntrospectionEndpoint);
        Assert.Equal(document.ToString(), Read(Encoding.UTF8.GetString(document.Write()), Issuer).Document!.ToString());
        Assert.InRange(document.Write().Length, 100, 1000); // of a large one, what is not needed is left out
        Assert.Equal(new MetadataDocument(Issuer, null, 0).ToString(), Read(Encoding.UTF8.GetString(new MetadataDocument(Issuer, null, 0).Write()), Issuer).Document!.ToString());
    }

    [Theory]
    [InlineData("""{"issuer":"https://issuer.test","jwks_uri":"https://x.test","jwks_uri":"https://y.test"}""", "has the member 'jwks_uri' more than once")]
    [InlineData("""{"issuer":"https://issuer.test","mtls_endpoint_aliases":{"a":1,"a":2}}""", "has the member 'a' more than once")]
    [InlineData("""{"issuer":"https://issuer.test","x\n":1,"x\n":2}""", """has the member 'x\n' more than once""")]
    [InlineData("\n<!doctype html><html>", "is HTML or XML, not a JSON object")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{", "is not a JSON object")]
    public void A_document_that_is_not_a_strict_JSON_object_is_described(string json, string error) => Assert.Equal($"The metadata {error}.", Read(json, Issuer).Error);

    private static (MetadataDocument? Document, FetchFailure? Failure, string? Error) Read(string json, string? expected)
    {
        var names = new MetadataNames();
        names.Expect(names, new ExpectedIssuer(expected is null ? [] : [expected], "Issuer") { TakesFirst = expected is null });
        return MetadataDocument.Read(Encoding.UTF8.GetBytes(json), names, "https://issuer.test/metadata", 0);
    }
}
