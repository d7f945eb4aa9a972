using JwksAuth.Access.Binding;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>What a token is bound to: every method in it must be supported.</summary>
public class ConfirmationTests
{
    [Theory]
    [InlineData("""{"x5t#S256":"a"}""", "a", null)]
    [InlineData("""{"jkt":"b"}""", null, "b")]
    [InlineData("""{"x5t#S256":"a","jkt":"b"}""", "a", "b")]
    [InlineData("""{"x5t#S256":"","jkt":"b"}""", null, "b")]
    [InlineData("""{"x5t#S256":"a","jkt":""}""", "a", null)]
    [InlineData("""{"x5t#S256":null,"jkt":"b"}""", null, "b")]
    [InlineData("""{"x5t#S256":"a","jkt":[]}""", "a", null)]
    public void A_method_without_a_value_counts_as_absent(string json, string? certificate, string? key) =>
        Assert.Equal(new Confirmation(certificate, key), Confirmation.Read(json));

    [Theory]
    [InlineData("""{"x5t#S256":"a","jkt":7}""")]
    [InlineData("""{"x5t#S256":"a","jkt":["b"]}""")]
    [InlineData("""{"x5t#S256":"a","jkt":{}}""")]
    [InlineData("""{"x5t#S256":"a","jkt":false}""")]
    [InlineData("""{"x5t#S256":7,"jkt":"b"}""")]
    [InlineData("""{"x5t#S256":["a"],"jkt":"b"}""")]
    [InlineData("""{"x5t#S256":"a","jkt":"b","jwk":{}}""")]
    [InlineData("""{"jkt":"b","jku":["https://example.com/jwks"]}""")]
    [InlineData("""{"jkt":"b","jkt":"b"}""")]
    public void An_unreadable_value_is_not_ignored(string json) => Assert.Null(Confirmation.Read(json));
}
