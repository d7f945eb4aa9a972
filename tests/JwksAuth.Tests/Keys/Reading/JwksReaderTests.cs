using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Reading;

public class JwksReaderTests
{
    private static readonly string Key = FakeSigningKey.Create("ES256", "key-1").ToJwk().ToJsonString();

    [Theory]
    [InlineData("", nameof(FetchFailure.NotJson))]
    [InlineData("null", nameof(FetchFailure.NotJson))]
    [InlineData("[]", nameof(FetchFailure.NotJson))]
    [InlineData("""{"keys":[""", nameof(FetchFailure.NotJson))]
    [InlineData("<html>", nameof(FetchFailure.NotJson))]
    [InlineData("{}", nameof(FetchFailure.NoKeys))]
    [InlineData("""{"keys":{}}""", nameof(FetchFailure.NoKeys))]
    [InlineData("""{"Keys":[]}""", nameof(FetchFailure.NoKeys))]
    [InlineData("""{"keys":[]}""", nameof(FetchFailure.NoUsableKey))]
    [InlineData("""{"keys":[null,1,"key",[],{}]}""", nameof(FetchFailure.NoUsableKey))]
    public void Anything_but_a_key_set_fails_with_a_named_reason(string body, string failure)
    {
        var reading = Read(body);

        Assert.Null(reading.Set);
        Assert.Equal(failure, reading.Failure.ToString());
        Assert.NotNull(reading.Error);
    }

    [Fact]
    public void A_set_has_at_most_a_hundred_keys()
    {
        Assert.Equal(99, Read($$"""{"keys":[{{Key}}{{Repeat(",{}", 99)}}]}""").Skipped.Count);
        var tooMany = Read($$"""{"keys":[{{Key}}{{Repeat(",{}", 136)}}]}""");
        Assert.Equal((FetchFailure.TooManyKeys, "The JWKS has 137 keys; the maximum is 100."), (tooMany.Failure, tooMany.Error));
    }

    [Theory]
    [InlineData("""{"4f2a":"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n"}""", FetchFailure.NoKeys, "The document maps key identifiers to PEM and has no keys array.")]
    [InlineData("""{"4f2a":"\n-----BEGIN PUBLIC KEY-----\nMIIC"}""", FetchFailure.NoKeys, "The document maps key identifiers to PEM and has no keys array.")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMIIC\n-----END PUBLIC KEY-----\n", FetchFailure.NotJson, "The JWKS is PEM, not a JSON object.")]
    public void Keys_in_PEM_form_are_reported_with_the_remedy(string body, object failure, string error)
    {
        var reading = Read(body);

        Assert.Equal(failure, reading.Failure);
        Assert.Equal($"{error} Use the address of the issuer's JWKS, or set the keys as SigningKeys.", reading.Error);
    }

    [Fact]
    public void A_byte_order_mark_and_unknown_members_are_accepted()
    {
        var reading = Read("\uFEFF" + $$"""{"issuer":"x","keys":[{{Key}}],"keys_of_tomorrow":1}""");

        Assert.Equal("key-1", Assert.Single(reading.Set!.Keys).KeyId);
    }

    [Fact]
    public void An_invalid_key_does_not_affect_the_valid_ones()
    {
        var reading = Read($$"""{"keys":[{"kid":"odd"},{{Key}},{"kty":"EC","kty":"EC","kid":"twice"}]}""");

        Assert.Equal("key-1", Assert.Single(reading.Set!.Keys).KeyId);
        Assert.Equal([new SkippedKey("odd", SkippedKeyReason.Malformed), new SkippedKey("twice", SkippedKeyReason.Malformed)], reading.Skipped);
    }

    [Fact]
    public void A_key_that_is_published_twice_counts_once() => Assert.Single(Read($$"""{"keys":[{{Key}},{{Key}}]}""").Set!.Keys);

    [Theory]
    [InlineData("cloud_instance_name", "example.com")]
    [InlineData("x5t#S256", "dGh1bWJwcmludA")]
    public void A_key_with_additional_members_is_read_again(string member, string value)
    {
        var before = Read($$"""{"keys":[{{Key}}]}""").Set!;
        var more = JsonNode.Parse(Key)!.AsObject();
        more[member] = value;

        var after = Read($$"""{"keys":[{{more.ToJsonString()}}]}""", before).Set!;

        Assert.NotSame(before.Keys[0], after.Keys[0]);
        Assert.Contains(value, Encoding.UTF8.GetString(after.Keys[0].Jwk!), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_members_in_another_order_keep_the_key_object()
    {
        var before = Read($$"""{"keys":[{{Key}}]}""").Set!;
        var reordered = new JsonObject(JsonNode.Parse(Key)!.AsObject().Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

        var after = Read($$"""{"keys":[ {{reordered.ToJsonString()}} ]}""", before).Set!;

        Assert.Same(before.Keys[0], after.Keys[0]);
    }

    [Fact]
    public void An_unchanged_key_keeps_its_object()
    {
        var before = Read($$"""{"keys":[{{Key}}]}""").Set!;
        var bound = JsonNode.Parse(Key)!.AsObject();
        bound["kid"] = "key-2";

        var after = Read($$"""{"keys":[{{bound.ToJsonString()}},{{Key}}]}""", before).Set!;

        Assert.Same(before.Keys[0], after.Find("key-1", SignatureAlgorithm.ES256)[0]);
        Assert.NotSame(before.Keys[0], after.Find("key-2", SignatureAlgorithm.ES256)[0]);
    }

    [Theory]
    [InlineData("""{"keys":[]}""", true)]
    [InlineData("""{"keys":[{"kty":"oct"}]}""", false)]
    [InlineData("{}", false)]
    public void An_empty_set_is_a_set_without_keys_if_it_may_withdraw_all(string body, bool accepted)
    {
        var reading = Read(body, settings: new KeyReadingSettings(AcceptEmptySet: true));

        Assert.Equal(accepted, reading.Set is { Keys.Count: 0 });
    }

    private static JwksReading Read(string body, KeySet? reusable = null, KeyReadingSettings? settings = null) =>
        new JwksReader(settings ?? new KeyReadingSettings(), TimeProvider.System).Read(Encoding.UTF8.GetBytes(body), reusable);

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
