using System.Text;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Tests.Foundation.Json;

public class MemberNamesCostTests
{
    [Fact]
    public void Comparing_different_names_allocates_nothing()
    {
        var text = Encoding.UTF8.GetBytes("""{"":1,"a":1,"ab":1,"seven77":1,"the_common_end":1,"any_common_end":1}""");
        IsUnique(text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var isUnique = IsUnique(text);

        Assert.Equal((true, 0), (isUnique, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("seven77")]
    public void A_repeated_short_name_is_found_at_once(string name)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"{{name}}":1,"{{name}}":2}""");
        var members = new JsonMembers(text);
        var names = new MemberNames(text);

        Assert.True(members.MoveNext() && names.Add(members) && members.MoveNext());
        Assert.False(names.Add(members));
    }

    private static bool IsUnique(ReadOnlySpan<byte> text)
    {
        var members = new JsonMembers(text);
        var names = new MemberNames(text);
        while (members.MoveNext())
            names.Add(members);
        return names.AreUnique();
    }
}
