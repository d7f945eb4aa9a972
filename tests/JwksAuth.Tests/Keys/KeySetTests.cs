using JwksAuth.Keys;

namespace JwksAuth.Tests.Keys;

public class KeySetTests
{
    [Fact]
    public void A_kid_is_compared_exactly()
    {
        var key = VerificationKeys.Create("Key-1");
        var set = new KeySet([key]);

        Assert.Same(key, Assert.Single(set.Find("Key-1", SignatureAlgorithm.ES256)));
        foreach (var other in new[] { "key-1", "Key-1 ", "Key-", "" })
            Assert.Empty(set.Find(other, SignatureAlgorithm.ES256));
    }

    [Fact]
    public void Of_several_keys_with_one_kid_those_that_fit_the_algorithm_are_found()
    {
        var (first, second, other) = (VerificationKeys.Create("same"), VerificationKeys.Create("same"), VerificationKeys.Create("same", "ES384"));
        var set = new KeySet([first, other, second]);

        Assert.Equal([first, second], set.Find("same", SignatureAlgorithm.ES256).AsEnumerable());
        Assert.Equal([other], set.Find("same", SignatureAlgorithm.ES384).AsEnumerable());
        Assert.Empty(set.Find("same", SignatureAlgorithm.RS256));
    }

    [Fact]
    public void Of_many_keys_with_one_kid_at_most_four_are_found()
    {
        var set = new KeySet([.. Enumerable.Range(0, 6).Select(_ => VerificationKeys.Create("same"))]);

        Assert.Equal(KeySet.MaximumChecksPerToken, set.Find("same", SignatureAlgorithm.ES256).Length);
    }

    [Fact]
    public void Of_many_keys_one_more_than_may_be_tried_is_returned_to_show_the_excess()
    {
        var set = new KeySet([.. Enumerable.Range(0, 6).Select(index => VerificationKeys.Create(index % 2 == 0 ? null : $"key-{index}"))]);

        Assert.Equal(KeySet.MaximumChecksPerToken + 1, set.FindAny(SignatureAlgorithm.ES256).Length);
        Assert.Empty(set.FindAny(SignatureAlgorithm.ES512));
    }

    [Fact]
    public void Keys_with_a_kid_are_left_out()
    {
        var unnamed = VerificationKeys.Create(null);
        var set = new KeySet([VerificationKeys.Create("named"), unnamed, VerificationKeys.Create(null, "ES384")]);

        Assert.Same(unnamed, Assert.Single(set.FindWithoutKeyId(SignatureAlgorithm.ES256)));
    }

    [Fact]
    public void Equal_material_in_another_object_is_another_key()
    {
        var (key, other) = (VerificationKeys.Create("key-1"), VerificationKeys.Create("key-1"));
        var set = new KeySet([key]);

        Assert.True(set.Contains(key));
        Assert.False(set.Contains(other));
        Assert.False(KeySet.Empty.Contains(key));
    }
}
