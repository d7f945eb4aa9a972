using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Keys.Reading;

/// <summary>In a published key, absent, null, the empty string and the empty list all mean "not stated".</summary>
public class UnstatedMemberTests
{
    private static readonly string[] Optional =
    [
        "kid", "alg", "use", "key_ops", "x5c", "x5u", "x5t", "x5t#S256", "d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv", "issuer", "nbf", "exp", "iat", "anything",
    ];

    public static TheoryData<string, string, string> Members
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var member in Optional)
            {
                foreach (var value in (string[])["null", "\"\"", "[]"])
                {
                    data.Add("RS256", member, value);
                    data.Add("ES256", member, value);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void An_optional_member_without_a_value_is_like_an_absent_one(string algorithm, string member, string value)
    {
        var jwk = FakeSigningKey.Create(algorithm, "k").ToJwk();
        jwk.Remove(member);
        var absent = VerificationKeys.Read(jwk).Key!;
        jwk[member] = JsonNode.Parse(value);

        var reading = VerificationKeys.Read(jwk);

        Assert.Null(reading.Reason);
        Assert.Equal(absent.Identity, reading.Key!.Identity);
    }

    [Theory]
    [InlineData("n", "null")]
    [InlineData("n", "\"\"")]
    [InlineData("n", "[]")]
    [InlineData("e", "null")]
    [InlineData("kty", "null")]
    [InlineData("kty", "\"\"")]
    [InlineData("kty", "[]")]
    public void A_required_member_without_a_value_is_missing(string member, string value)
    {
        var jwk = FakeSigningKey.Create("RS256", "k").ToJwk();
        jwk[member] = JsonNode.Parse(value);

        Assert.Equal(SkippedKeyReason.Malformed, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public void An_empty_use_is_missing_where_one_is_required(string value)
    {
        var jwk = FakeSigningKey.Create("RS256", "k").ToJwk();
        jwk["use"] = JsonNode.Parse(value);

        Assert.Equal(SkippedKeyReason.NotForSignature, VerificationKeys.Read(jwk, new KeyReadingSettings(RequireUse: true)).Reason);
    }

    [Theory]
    [InlineData("d", "\"AAAA\"")]
    [InlineData("oth", """[{"r":"AAAA","d":"AAAA","t":"AAAA"}]""")]
    [InlineData("p", "\"AQAB\"")]
    [InlineData("k", "\"AAAA\"")]
    [InlineData("priv", "\"AAAA\"")]
    [InlineData("d", "7")]
    [InlineData("d", "{}")]
    public void A_private_member_with_a_value_is_private_material(string member, string value)
    {
        foreach (var algorithm in (string[])["RS256", "ES256"])
        {
            var jwk = FakeSigningKey.Create(algorithm, "k").ToJwk();
            jwk[member] = JsonNode.Parse(value);

            Assert.Equal(SkippedKeyReason.PrivateMaterial, VerificationKeys.Read(jwk).Reason);
        }
    }

    [Theory]
    [InlineData("r")]
    [InlineData("t")]
    [InlineData("x-private-note")]
    public void An_unknown_member_is_ignored(string member)
    {
        var jwk = FakeSigningKey.Create("RS256", "k").ToJwk();
        jwk[member] = "2026-01-01";

        Assert.Null(VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData("kid", "42", null)]
    [InlineData("kid", "{}", null)]
    [InlineData("x5u", "42", null)]
    [InlineData("x5t", "{}", null)]
    [InlineData("exp", "\"soon\"", null)]
    [InlineData("alg", "42", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData("alg", "[\"RS256\"]", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData("use", "42", nameof(SkippedKeyReason.NotForSignature))]
    [InlineData("use", "[\"enc\"]", nameof(SkippedKeyReason.NotForSignature))]
    [InlineData("key_ops", "42", nameof(SkippedKeyReason.NotForSignature))]
    [InlineData("key_ops", "[null]", nameof(SkippedKeyReason.NotForSignature))]
    public void A_malformed_member_rejects_the_key_only_if_it_would_restrict_it(string member, string value, string? reason)
    {
        var jwk = FakeSigningKey.Create("RS256", "k").ToJwk();
        jwk[member] = JsonNode.Parse(value);

        Assert.Equal(reason, VerificationKeys.Read(jwk).Reason?.ToString());
    }

    [Theory]
    [InlineData("sig", null)]
    [InlineData("jwt-svid", null)]
    [InlineData("x509-svid", nameof(SkippedKeyReason.NotForSignature))]
    [InlineData("JWT-SVID", nameof(SkippedKeyReason.NotForSignature))]
    public void A_key_for_SPIFFE_tokens_verifies_where_that_is_accepted(string use, string? reason)
    {
        var jwk = FakeSigningKey.Create("ES256", "k").ToJwk();
        jwk["use"] = use;

        Assert.Equal(use == "sig", VerificationKeys.Read(jwk).Reason is null);
        Assert.Equal(reason, VerificationKeys.Read(jwk, new KeyReadingSettings { AcceptJwtSvid = true }).Reason?.ToString());
        Assert.Equal(reason, VerificationKeys.Read(jwk, new KeyReadingSettings(RequireUse: true) { AcceptJwtSvid = true }).Reason?.ToString());
    }

    [Theory]
    [InlineData("true", HttpStatusCode.OK)]
    [InlineData("false", HttpStatusCode.ServiceUnavailable)]
    [InlineData(null, HttpStatusCode.ServiceUnavailable)]
    public async Task The_tokens_of_a_SPIFFE_bundle_pass_where_its_keys_are_accepted(string? setting, HttpStatusCode expected)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        issuer.CurrentKey.CustomizeJwk(jwk => jwk["use"] = "jwt-svid");
        var settings = new TestApiSettings();
        settings.Configuration["Authentication:Schemes:Bearer:AcceptJwtSvidKeys"] = setting;
        await using var api = await TestApi.StartAsync(issuer, settings: settings);

        Assert.Equal(expected, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public void A_number_in_padded_or_standard_base64_is_the_same_number()
    {
        foreach (var algorithm in (string[])["RS256", "ES256", "ES384", "ES512"])
        {
            var jwk = FakeSigningKey.Create(algorithm, "k").ToJwk();
            var expected = VerificationKeys.Read(jwk).Key!.Identity;
            foreach (var member in (string[])["n", "e", "x", "y"])
            {
                if (jwk[member] is not { } value)
                    continue;

                var bytes = Base64UrlEncoder.DecodeBytes((string)value!);
                foreach (var text in (string[])[Convert.ToBase64String(bytes), Convert.ToBase64String(bytes).TrimEnd('='), Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_')])
                {
                    jwk[member] = text;
                    Assert.Equal(expected, VerificationKeys.Read(jwk).Key?.Identity);
                }
            }
        }
    }

    [Theory]
    [InlineData("AQAB!")]
    [InlineData("AQ=AB")]
    [InlineData("A")]
    [InlineData("AQAB====")]
    [InlineData("\u00e4QAB")]
    public void A_number_that_is_not_base64_is_malformed(string text)
    {
        var jwk = FakeSigningKey.Create("RS256", "k").ToJwk();
        jwk["e"] = text;

        Assert.Equal(SkippedKeyReason.Malformed, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_written_by_IdentityModel_verifies_tokens(bool withNulls)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        issuer.ReplaceAll("RS256");
        var key = JsonWebKeyConverter.ConvertFromSecurityKey(new RsaSecurityKey(Import(issuer.CurrentKey)) { KeyId = issuer.CurrentKey.KeyId });
        key.Use = "sig";
        var written = JsonSerializer.SerializeToNode(key)!.AsObject();
        if (withNulls)
        {
            foreach (var member in (string[])["alg", "crv", "d", "dp", "dq", "k", "p", "q", "qi", "x", "x5t", "x5t#S256", "x5u", "y"])
                written[member] = null;
        }

        Assert.Contains("oth", written.ToJsonString(), StringComparison.Ordinal);
        issuer.Jwks.Respond(FakeResponse.Text(new JsonObject { ["keys"] = new JsonArray(written) }.ToJsonString()));
        using var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(issuer, settings: new TestApiSettings
        {
            Logging = logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(log),
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.DoesNotContain(log.Entries, entry => entry.Id.Name == "KeysSkipped");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    public void A_set_without_a_value_for_keys_has_none(string keys)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"keys":{{keys}}}""");

        Assert.Null(new JwksReader(new KeyReadingSettings(), TimeProvider.System).Read(body, null).Set);
        Assert.Equal(keys == "[]", new JwksReader(new KeyReadingSettings(AcceptEmptySet: true), TimeProvider.System).Read(body, null).Set is not null);
    }

    private static RSA Import(FakeSigningKey key)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(key.ExportPublicKeyPem());
        return rsa;
    }
}
