using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tests.Keys.Remote;

/// <summary>Whether an answer that another replica shared is news.</summary>
public class SharedVersionsTests
{
    private const long OwnFetch = 1000;

    [Theory]
    [InlineData(900, 999, false)]
    [InlineData(900, 1000, false)]
    [InlineData(900, 1001, true)]
    [InlineData(1001, 1100, true)]
    public void A_shared_answer_replaces_keys_that_were_fetched_alone_unless_it_is_surely_older(long earliest, long latest, bool isNews) =>
        Assert.Equal(isNews, new SharedVersions().IsNews(7, new SharedTime(earliest, latest), Snapshot(version: null)));

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void Two_answers_of_the_fleet_are_told_apart_by_their_numbers(long version, bool isNews) =>
        Assert.Equal(isNews, new SharedVersions().IsNews(version, new SharedTime(1, 2), Snapshot(version: 7)));

    [Theory]
    [InlineData(999, 1001, false)]
    [InlineData(1001, 1002, true)]
    public void During_a_withdrawal_only_an_answer_that_is_surely_later_is_news(long earliest, long latest, bool isNews)
    {
        var versions = new SharedVersions();
        versions.BeginWithdrawal(OwnFetch);

        Assert.Equal(isNews, versions.IsNews(7, new SharedTime(earliest, latest), current: null));
    }

    private static KeySnapshot Snapshot(long? version) => new(new KeySetDocument(KeySet.Empty, "https://issuer.test/jwks", null, []), OwnFetch, OwnFetch, null, version);
}
