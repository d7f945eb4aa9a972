using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Reading;

/// <summary>What the JWK says beside the key: names, limits and the issuer.</summary>
public class JwkRestrictionTests
{
    private static readonly JsonObject Ec = FakeSigningKey.Create("ES256", "ec").ToJwk();

    [Theory]
    [InlineData(""" "other":1,"other":1 """)]
    [InlineData(""" "other":1,"oth\u0065r":1 """)]
    [InlineData(""" "\ud800":1 """)]
    public void Read_NamesThatAreNotUniqueText_SkipTheKey(string members) => Assert.Equal(SkippedKeyReason.Malformed, ReadWith(members).Reason);

    [Theory]
    [InlineData(""" "alg":7 """, nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData(""" "alg":["ES256"] """, nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData(""" "alg":"\ud800" """, nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData(""" "issuer":7 """, nameof(SkippedKeyReason.Malformed))]
    [InlineData(""" "issuer":["https://a.example"] """, nameof(SkippedKeyReason.Malformed))]
    [InlineData(""" "use":7 """, nameof(SkippedKeyReason.NotForSignature))]
    public void Read_LimitThatIsNoText_IsNotLost(string member, string reason) => Assert.Equal(reason, ReadWith(member).Reason.ToString());

    [Fact]
    public void Read_Issuer_RestrictsTheKey()
    {
        Assert.Equal("https://a.example", ReadWith(""" "issuer":"https://a.example" """).Key!.Issuer);
        Assert.Null(ReadWith(""" "other":1 """).Key!.Issuer);
    }

    [Fact]
    public void Read_KeyInAToken_KeepsNothingBesideTheKey()
    {
        using var json = JsonDocument.Parse(TextWith(""" "issuer":7 """));

        var key = new JwkReader(new KeyReadingSettings(), TimeProvider.System, isInToken: true).Read(json.RootElement).Key!;

        Assert.Equal((null, null), (key.Jwk, key.Issuer));
    }

    [Theory]
    [InlineData("y")]
    [InlineData("x")]
    public void Read_CoordinateThatIsTooShort_SkipsTheKey(string coordinate)
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
    public void Read_RsaExponent_IsOddAndAboveOne(string exponent, bool taken)
    {
        var jwk = FakeSigningKey.Create("RS256").ToJwk();
        jwk["e"] = exponent;

        Assert.Equal(taken ? null : SkippedKeyReason.Malformed, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void Read_RsaModulusOfZeros_IsTooShort(int length)
    {
        var jwk = FakeSigningKey.Create("RS256").ToJwk();
        jwk["n"] = System.Buffers.Text.Base64Url.EncodeToString(new byte[length]);

        Assert.Equal(SkippedKeyReason.KeySize, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[[]]}""")]
    [InlineData("""{"keys":[7,"text"]}""")]
    public void Read_SetWithoutPem_SaysNothingOfPem(string body) =>
        Assert.Equal("The JWKS has no key that can verify a signature.", ReadSet(body).Error);

    [Theory]
    [InlineData("<html>", "The JWKS is HTML or XML, not a JSON object.")]
    [InlineData("""{"a":"BEGIN","b":7}""", "The JWKS has no keys array.")]
    public void Read_NoSet_SaysOfPemOnlyIfThereIsSome(string body, string error) => Assert.Equal(error, ReadSet(body).Error);

    [Fact]
    public void Read_ValueThatIsNoText_KeepsTheKeysObjectWhileNothingChanges()
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
