using JwksAuth.Keys;

namespace JwksAuth.Tests.Keys;

public class StaticKeySourceTests
{
    private readonly VerificationKey _named = VerificationKeys.Create("named");
    private readonly VerificationKey _unnamed = VerificationKeys.Create(null);

    [Fact]
    public void A_kid_is_compared_exactly_and_excludes_keys_without_one()
    {
        var found = new StaticKeySource(new KeySet([_unnamed, _named])).Find(VerificationKeys.Query("named"));

        Assert.Equal((KeyLookupStatus.Found, true), (found.Status, found.IsExact));
        Assert.Equal([_named], found.Keys.AsEnumerable());
    }

    [Fact]
    public void An_unknown_kid_gives_only_keys_without_one()
    {
        var found = new StaticKeySource(new KeySet([_unnamed, _named])).Find(VerificationKeys.Query("another"));

        Assert.Equal((KeyLookupStatus.Found, false), (found.Status, found.IsExact));
        Assert.Equal([_unnamed], found.Keys.AsEnumerable());
        Assert.Equal(KeyLookupStatus.Unknown, new StaticKeySource(new KeySet([_named])).Find(VerificationKeys.Query("another")).Status);
    }

    [Fact]
    public void Without_a_kid_every_matching_key_is_found()
    {
        var source = new StaticKeySource(new KeySet([_unnamed, _named]));

        Assert.Equal([_unnamed, _named], source.Find(VerificationKeys.Query(null)).Keys.AsEnumerable());
        Assert.Equal(KeyLookupStatus.Unknown, source.Find(VerificationKeys.Query(null, SignatureAlgorithm.RS256)).Status);
    }

    [Fact]
    public async Task An_unknown_kid_is_answered_from_memory()
    {
        var source = new StaticKeySource(new KeySet([_named]));

        var asked = source.FetchAsync(new KeyFetch("another", SignatureAlgorithm.ES256, source.Set, TimeSpan.FromMinutes(1)), CancellationToken.None);

        Assert.True(asked.IsCompleted);
        Assert.Equal(KeyLookupStatus.Unknown, (await asked).Status);
        Assert.True(source.IsLoaded);
        Assert.True(source.IsCurrent(_named));
        Assert.False(source.IsCurrent(_unnamed));
    }
}
