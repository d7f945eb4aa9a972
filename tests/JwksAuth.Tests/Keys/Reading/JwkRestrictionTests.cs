using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Reading;

/// <summary>Members of a JWK other than the key itself: names, restrictions and the issuer.</summary>
public class JwkRestrictionTests
{
    private static readonly JsonObject Ec = FakeSigningKey.Create("ES256", "ec").ToJwk();

    [Theory]
    [InlineData(""" "other":1,"other":1 """)]
    [InlineData(""" "other":1,"oth\u0065r":1 """)]
    [InlineData(""" "\ud800":1 """)]
    public void Duplicate_or_invalid_member_names_skip_the_key(string members) => Assert.Equal(SkippedKeyReason.Malformed, ReadWith(members).Reason);

    [Theory]
    [InlineData(""" "alg":7 """, nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData(""" "alg":["ES256"] """, nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData(""" "alg":"\ud800" """, nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData(""" "issuer":7 """, nameof(SkippedKeyReason.Malformed))]
    [InlineData(""" "issuer":["https://a.example"] """, nameof(SkippedKeyReason.Malformed))]
    [InlineData(""" "use":7 """, nameof(SkippedKeyReason.NotForSignature))]
    public void A_restriction_that_is_not_a_string_is_not_ignored(string member, string reason) => Assert.Equal(reason, ReadWith(member).Reason.ToString());

    [Fact]
    public void The_issuer_member_restricts_the_key()
    {
        Assert.Equal("https://a.example", ReadWith(""" "issuer":"https://a.example" """).Key!.Issuer);
        Assert.Null(ReadWith(""" "other":1 """).Key!.Issuer);
    }

    [Fact]
    public void Only_the_key_itself_is_kept_of_a_JWK_in_a_token()
    {
        using var json = JsonDocument.Parse(TextWith(""" "issuer":7 """));

        var key = new JwkReader(new KeyReadingSettings(), TimeProvider.System, isInToken: true).Read(json.RootElement).Key!;

        Assert.Equal((null, null), (key.Jwk, key.Issuer));
    }

    [Theory]
    [InlineData("y")]
    [InlineData("x")]
    public void A_coordinate_that_is_too_short_skips_the_key(string coordinate)
    {
        var jwk = Ec.DeepClone().AsObject();
        jwk[coordinate] = jwk[coordinate]!.GetValue<string>()[..^4];

        Assert.Equal(SkippedKeyReason.Malformed, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData("Aw", true)]
    [InlineData("AQE", true)]
    [InlineData("AAE", false)]
    [InlineData("AQ", false)]
    public void An_RSA_exponent_must_be_odd_and_greater_than_one(string exponent, bool taken)
    {
        var jwk = FakeSigningKey.Create("RS256").ToJwk();
        jwk["e"] = exponent;

        Assert.Equal(taken ? null : SkippedKeyReason.Malformed, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void An_RSA_modulus_of_zeros_is_too_short(int length)
    {
        var jwk = FakeSigningKey.Create("RS256").ToJwk();
        jwk["n"] = System.Buffers.Text.Base64Url.EncodeToString(new byte[length]);

        Assert.Equal(SkippedKeyReason.KeySize, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[[]]}""")]
    [InlineData("""{"keys":[7,"text"]}""")]
    public void A_set_without_PEM_does_not_mention_PEM(string body) =>
        Assert.Equal("The JWKS has no key that can verify a signature.", ReadSet(body).Error);

    [Theory]
    [InlineData("<html>", "The JWKS is HTML or XML, not a JSON object.")]
    [InlineData("""{"a":"BEGIN","b":7}""", "The JWKS has no keys array.")]
    public void An_invalid_set_mentions_PEM_only_if_it_contains_some(string body, string error) => Assert.Equal(error, ReadSet(body).Error);

    [Fact]
    public void A_value_that_is_not_text_keeps_the_key_object_while_nothing_changes()
    {
        string With(int number) => $$"""{"keys":[{{TextWith($$""" "note":"\ud800","number":{{number}} """)}}]}""";
        var before = ReadSet(With(1)).Set!;

        Assert.Same(before.Keys[0], ReadSet(With(1), before).Set!.Keys[0]);
        Assert.NotSame(before.Keys[0], ReadSet(With(2), before).Set!.Keys[0]);
    }

    private static string TextWith(string members)
    {
        var jwk = Ec.DeepClone().AsObject();
        if (members.Contains("\"alg\"", StringComparison.Ordinal))
            jwk.Remove("alg");
        if (members.Contains("\"use\"", StringComparison.Ordinal))
            jwk.Remove("use");
        return $"{jwk.ToJsonString()[..^1]},{members}}}";
    }

    private static KeyReading ReadWith(string members)
    {
        using var json = JsonDocument.Parse(TextWith(members));
        return new JwkReader(new KeyReadingSettings(), TimeProvider.System).Read(json.RootElement);
    }

    private static JwksReading ReadSet(string body, KeySet? reusable = null) =>
        new JwksReader(new KeyReadingSettings(), TimeProvider.System).Read(Encoding.UTF8.GetBytes(body), reusable);
}
