using System.Text;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;

namespace JwksAuth.Tests.Foundation.Json;

public class MemberNamesTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2,"A":3,"":4}""", true)]
    [InlineData("""{"a":1,"b":2,"a":3}""", false)]
    [InlineData("""{"":1,"":2}""", false)]
    [InlineData("""{"":1,"a":2,"":3}""", false)]
    [InlineData("""{"a":1,"\u0061":2}""", false)]
    [InlineData("""{"\u0061":1,"a":2}""", false)]
    [InlineData("""{"\u0061":1,"\u0061":2}""", false)]
    [InlineData("""{"\u0061":1,"b":2,"b":3}""", false)]
    [InlineData("""{"a/b":1,"a\/b":2}""", false)]
    [InlineData("""{"\u0061":1,"b":2}""", true)]
    [InlineData("""{"a":{"b":1,"b":2}}""", true)]
    [InlineData("""{"a":1,"ab":2,"abc":3}""", true)]
    [InlineData("""{"abcdefgh":1,"abcdXfgh":2,"abcdefgh2":3}""", true)]
    [InlineData("""{"abcdefgh":1,"abcdXfgh":2,"abcdefgh":3}""", false)]
    [InlineData("""{"abcdefg":1,"abcdefgh":2,"abcdefg":3}""", false)]
    [InlineData("{\"\u00e9\":1,\"e\u0301\":2}", true)] // look alike, but differ in Unicode normalization
    public void Names_are_compared_by_their_meaning(string json, bool expected) => Assert.Equal(expected, AreUnique(json));

    [Theory]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(255)]
    public void A_duplicate_among_many_names_is_found_at_any_position(int count)
    {
        var names = Enumerable.Range(0, count).Select(number => $"name{number}").ToArray();
        Assert.True(AreUnique(ObjectOf(names)));

        foreach (var duplicated in new[] { 0, 1, count / 2, count - 1 })
            Assert.False(AreUnique(ObjectOf([.. names, names[duplicated]])));
        Assert.False(AreUnique(ObjectOf([.. names, "\\u006eame0"])));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void More_names_than_any_token_has_are_refused(int count, bool expected) =>
        Assert.Equal(expected, AreUnique(ObjectOf([.. Enumerable.Range(0, count).Select(number => $"name{number}")])));

    [Fact]
    public void Reading_a_header_or_claims_stops_at_more_names_than_any_token_has()
    {
        var crowd = Encoding.UTF8.GetBytes(ObjectOf([.. Enumerable.Range(0, 1500).Select(number => $"{number}")]));
        JoseHeader.TryRead(crowd, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(JoseHeader.TryRead(crowd, out _));
        Assert.False(RegisteredClaims.TryRead(crowd, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    private static string ObjectOf(string[] names) => $"{{{string.Join(',', names.Select(name => $"\"{name}\":1"))}}}";

    private static bool AreUnique(string json)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var members = new JsonMembers(text);
        var names = new MemberNames(text);
        while (members.MoveNext())
        {
            if (!names.Add(members))
                return false;
        }

        Assert.True(members.IsValid);
        return names.AreUnique();
    }
}
