using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Access.Binding;

public sealed class BoundTokenTests : IDisposable
{
    private const string NotProved = "error=\"invalid_token\", error_description=\"The token is bound to a key, and the request does not prove possession of it\"";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public BoundTokenTests() =>
        _certificate = new CertificateRequest("CN=owner", _key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));

    public static TheoryData<string> Unprovable =>
    [
        "{\"kid\":\"1\"}",
        "{\"jkt\":\"\"}",
        "{\"jkt\":null}",
        "{\"jkt\":[]}",
        "{\"jkt\":7}",
        "{\"JKT\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}",
        "{\"kc-jkt-type\":\"dpop\"}",
        "{\"x5t\":\"bwcK0esc3ACC3DB2Y5\"}",
        "{}",
        "[\"jkt\"]",
        "\"jkt\"",
        "false",
        "0",
    ];

    [Theory]
    [MemberData(nameof(Unprovable))]
    [InlineData("{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}")]
    [InlineData("{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"}")]
    public async Task A_bound_token_is_refused_as_a_plain_one(string confirmation)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken(token => token.WithClaim("cnf", JsonNode.Parse(confirmation)));

        // The second time, the token is in the cache of validated tokens.
        Assert.Equal($"401 Bearer {NotProved}", await api.AskAsync("/", token));
        Assert.Equal($"401 Bearer {NotProved}", await api.AskAsync("/", token));
    }

    [Theory]
    [MemberData(nameof(Unprovable))]
    public async Task A_token_bound_by_an_unknown_method_is_refused_even_if_bound_tokens_are_accepted(string confirmation)
    {
        foreach (var required in (bool[])[false, true])
        {
            await using var api = await DpopApi.StartAsync(options => options.Required = required);
            var token = api.CreateTokenWith(JsonNode.Parse(confirmation));

            Assert.Equal($"401 Bearer {NotProved}, DPoP {DpopApi.Algorithms}", await api.AskAsync(token, null, scheme: "Bearer"));
            Assert.Equal($"401 DPoP {NotProved}, {DpopApi.Algorithms}", await api.AskAsync(token, api.Client.CreateProof(token)));
        }
    }

    [Fact]
    public async Task An_opaque_token_of_type_DPoP_counts_as_bound_even_if_the_answer_names_no_key()
    {
        foreach (var required in (bool[])[false, true])
        {
            await using var api = await DpopApi.StartAsync(options => options.Required = required, scheme: JwksAuthDefaults.IntrospectionScheme);
            var token = api.CreateToken(answer => answer["token_type"] = "DPoP");

            Assert.StartsWith($"401 Bearer {NotProved}", await api.AskAsync(token, null, scheme: "Bearer"), StringComparison.Ordinal);
            Assert.StartsWith($"401 DPoP {NotProved}", await api.AskAsync(token, api.Client.CreateProof(token)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"kc-jkt-type\":\"dpop\"")]
    [InlineData("\"https://example.com/strength\":{\"level\":3}")]
    [InlineData("\"x5t\":\"abc\"")]
    [InlineData("\"jwk\":null")]
    [InlineData("\"kid\":\"\"")]
    [InlineData("\"x5t#S256\":[]")]
    public async Task A_member_that_names_no_known_method_is_ignored(string member)
    {
        foreach (var scheme in (string[])["Bearer", JwksAuthDefaults.IntrospectionScheme])
        {
            await using var api = await DpopApi.StartAsync(scheme: scheme);
            var token = api.CreateTokenWith(JsonNode.Parse($"{{\"jkt\":\"{api.Client.Thumbprint}\",{member}}}"));

            Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
            Assert.Equal(DpopApi.Refused("The request must have exactly one DPoP proof"), await api.AskAsync(token, null));
        }
    }

    [Theory]
    [InlineData("\"jwk\":{}")]
    [InlineData("\"jwk\":{\"kty\":\"EC\"}")]
    [InlineData("\"jwe\":\"a.b.c.d.e\"")]
    [InlineData("\"jku\":\"https://example.com/jwks\"")]
    [InlineData("\"kid\":\"1\"")]
    [InlineData("\"kid\":1")]
    [InlineData("\"osc\":{\"id\":\"1\"}")]
    [InlineData("\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"")]
    [InlineData("\"x5t#S256\":7")]
    [InlineData("\"x5t#S256\":[\"a\"]")]
    public async Task Each_known_method_must_be_proved(string member)
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateTokenWith(JsonNode.Parse($"{{\"jkt\":\"{api.Client.Thumbprint}\",{member}}}"));

        Assert.StartsWith("401 DPoP error=", await api.AskAsync(token, api.Client.CreateProof(token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_proves_possession_only_if_the_option_is_on()
    {
        var token = new JsonObject { ["x5t#S256"] = Base64UrlEncoder.Encode(SHA256.HashData(_certificate.RawData)), ["kc-x5t-type"] = "mtls" };
        await using var on = await StartWithCertificateAsync(_ => { });
        await using var off = await StartWithCertificateAsync(options => options.Certificates = false);

        Assert.Equal("200", await on.AskAsync(on.CreateTokenWith(token.DeepClone()), null, scheme: "Bearer"));
        Assert.Equal($"401 Bearer {NotProved}, DPoP {DpopApi.Algorithms}", await off.AskAsync(off.CreateTokenWith(token.DeepClone()), null, scheme: "Bearer"));
    }

    [Fact]
    public async Task A_token_that_is_bound_only_to_a_certificate_is_refused_with_the_DPoP_scheme()
    {
        await using var api = await StartWithCertificateAsync(_ => { });
        var token = api.CreateTokenWith(new JsonObject { ["x5t#S256"] = Base64UrlEncoder.Encode(SHA256.HashData(_certificate.RawData)) });
        var refused = $"401 DPoP error=\"invalid_token\", error_description=\"The token is not bound to the key of a DPoP proof\", {DpopApi.Algorithms}";

        Assert.Equal(refused, await api.AskAsync(token, null));
        Assert.Equal(refused, await api.AskAsync(token, api.Client.CreateProof(token)));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private Task<DpopApi> StartWithCertificateAsync(Action<JwksSenderConstraintOptions> configure) => DpopApi.StartAsync(
        configure, services => services.AddSingleton<IStartupFilter>(new Before(context => context.Connection.ClientCertificate = _certificate)));
}
