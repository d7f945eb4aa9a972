using JwksAuth.Keys;

namespace JwksAuth.Tests.Keys;

/// <summary>A remote source and fixed keys of the same issuer.</summary>
public class CompositeKeySourceTests
{
    private readonly VerificationKey _named = VerificationKeys.Create("fixed");
    private readonly VerificationKey _unnamed = VerificationKeys.Create(null);

    [Fact]
    public async Task A_kid_of_either_source_is_found_in_memory()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var source = With(test, _named);

        Assert.Equal([_named], source.Find(VerificationKeys.Query("fixed")).Keys.AsEnumerable());
        Assert.Equal(test.Find(test.Issuer.CurrentKey.KeyId).Keys, source.Find(VerificationKeys.Query(test.Issuer.CurrentKey.KeyId)).Keys);
    }

    [Fact]
    public async Task A_kid_of_both_sources_gives_the_keys_of_both_and_then_those_without_a_kid()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var keyId = test.Issuer.CurrentKey.KeyId;
        var twin = VerificationKeys.Create(keyId);

        Assert.Equal([.. test.Find(keyId).Keys, twin], With(test, twin).Find(VerificationKeys.Query(keyId)).Keys.AsEnumerable());
        Assert.Equal([.. test.Find(keyId).Keys, _unnamed], With(test, _unnamed).Find(VerificationKeys.Query(keyId)).Keys.AsEnumerable());
        VerificationKey[] many = [.. Enumerable.Range(0, 10).Select(_ => VerificationKeys.Create(keyId))];
        Assert.Equal(KeySet.MaximumChecksPerToken, With(test, many).Find(VerificationKeys.Query(keyId)).Keys.Length);
        Assert.Equal(KeySet.MaximumChecksPerToken + 1, With(test, many).Find(VerificationKeys.Query(null)).Keys.Length);
    }

    [Fact]
    public async Task A_kid_of_the_fixed_key_only_reports_that_the_remote_source_may_now_have_it_too()
    {
        await using var test = await SourceUnderTest.CreateAsync();
        var source = With(test, _named);
        Assert.True(source.Find(VerificationKeys.Query("fixed")).MayBeOutdated);
        await test.Source.StartAsync(CancellationToken.None);

        var known = source.Find(VerificationKeys.Query("fixed"));
        var again = await source.FetchAsync(new KeyFetch("fixed", SignatureAlgorithm.ES256, known.Set, TimeSpan.Zero), CancellationToken.None);
        Assert.Equal([_named], again.Keys.AsEnumerable());
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_kid_of_neither_source_causes_a_fetch_before_a_key_without_a_kid_is_used()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var source = With(test, _unnamed);
        var rotated = test.Issuer.RotateKey().KeyId;
        Assert.Equal(KeyLookupStatus.FetchNeeded, source.Find(VerificationKeys.Query(rotated)).Status);

        var fetched = await AskAsync(source, rotated);
        var inTheWindow = await AskAsync(source, "another");

        Assert.True(fetched.IsExact);
        Assert.Equal([rotated, null], fetched.Keys.Select(key => key.KeyId));
        Assert.Equal([_unnamed], inTheWindow.Keys.AsEnumerable());
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Fixed_keys_keep_working_while_the_remote_source_is_unreachable()
    {
        await using var test = await SourceUnderTest.CreateAsync();
        await test.Issuer.StopAsync();
        var source = With(test, _named);
        Assert.Equal([_named], source.Find(VerificationKeys.Query("fixed")).Keys.AsEnumerable());

        Assert.Equal(KeyLookupStatus.Unavailable, (await AskAsync(source, "another")).Status);
        Assert.False(source.IsLoaded);
    }

    [Fact]
    public async Task A_caller_that_doubts_the_fixed_key_causes_a_remote_fetch()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var source = With(test, _named);
        var doubted = source.Find(VerificationKeys.Query("fixed"));

        var again = await source.FetchAsync(new KeyFetch("fixed", SignatureAlgorithm.ES256, doubted.Set, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal([_named], again.Keys.AsEnumerable());
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Without_a_kid_the_keys_of_all_sources_count()
    {
        await using var test = await SourceUnderTest.StartAsync();

        Assert.Equal(3, With(test, _named, _unnamed).Find(VerificationKeys.Query(null)).Keys.Length);
    }

    [Fact]
    public async Task A_key_is_current_until_its_own_source_drops_it()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var source = With(test, _named);
        var fetched = test.Find(test.Issuer.CurrentKey.KeyId).Keys[0];
        Assert.True(source.IsCurrent(fetched) && source.IsCurrent(_named));

        test.Issuer.ReplaceAll();
        await test.Source.RefreshAsync(CancellationToken.None);

        Assert.False(source.IsCurrent(fetched));
        Assert.True(source.IsCurrent(_named));
    }

    private static CompositeKeySource With(SourceUnderTest test, params VerificationKey[] keys) =>
        new([test.Source, new StaticKeySource(new KeySet(keys))]);

    private static async Task<KeyLookupResult> AskAsync(CompositeKeySource source, string keyId) => await source.FetchAsync(
        new KeyFetch(keyId, SignatureAlgorithm.ES256, source.Find(VerificationKeys.Query(keyId)).Set, TimeSpan.Zero), CancellationToken.None);
}
