using JwksAuth.Keys;

namespace JwksAuth.Tests.Keys;

public class KeyLookupResultTests
{
    private static readonly VerificationKey Key = VerificationKeys.Create("a");
    private static readonly KeySet Seen = new([Key]);
    private static readonly KeySet Other = new([Key]);

    [Fact]
    public void Without_keys_the_alternative_is_returned()
    {
        Assert.Equal(KeyLookupStatus.FetchNeeded, KeyLookupResult.FoundOr(KeyLookupResult.FetchNeeded(Seen), [], Seen).Status);
        Assert.Equal(KeyLookupStatus.Found, KeyLookupResult.FoundOr(KeyLookupResult.FetchNeeded(Seen), [Key], Seen).Status);
    }

    [Fact]
    public void Another_set_answers_a_look_up_unless_it_needs_a_fetch()
    {
        var fetch = new KeyFetch("a", SignatureAlgorithm.ES256, Seen, TimeSpan.Zero);

        Assert.True(fetch.IsAnsweredBy(KeyLookupResult.Found([Key], Other)));
        Assert.True(fetch.IsAnsweredBy(KeyLookupResult.Unknown(Other)));
        Assert.False(fetch.IsAnsweredBy(KeyLookupResult.Found([Key], Seen)));
        Assert.False(fetch.IsAnsweredBy(KeyLookupResult.FetchNeeded(Other)));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("", true)]
    [InlineData(null, false)]
    public void A_query_has_a_kid_or_none(string? keyId, bool expected)
    {
        var query = new KeyFetch(keyId, SignatureAlgorithm.ES256, null, TimeSpan.Zero).ToQuery();

        Assert.Equal((expected, keyId ?? "", SignatureAlgorithm.ES256), (query.HasKeyId, query.KeyId.ToString(), query.Algorithm));
    }
}
