using System.Text;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Tests.Foundation.Json;

public class JsonMembersWalkTests
{
    [Theory]
    [InlineData("""{"a" 1}""")]
    [InlineData("""{"a":x}""")]
    [InlineData("""{"a":{"b"}""")]
    [InlineData("""{"a":{1}}""")]
    [InlineData("""{"a":{:1}}""")]
    [InlineData("""{"a":{"b" 1}}""")]
    [InlineData("""{"a":trux}""")]
    [InlineData("""{"a":t}""")]
    [InlineData("""{"a":"\x}""")]
    [InlineData("""{"a":"\""")]
    [InlineData("{\"a\":\"\tn\"}")]
    [InlineData("""{"a":"\ud800udc00"}""")]
    [InlineData("""{"a":"\ud800\dc00"}""")]
    [InlineData("""{"a":"\ud800\udc0"}""")]
    [InlineData("""{"a":"\ud900"}""")]
    [InlineData("""{"a":1e+-5}""")]
    public void An_invalid_first_member_is_not_returned(string json)
    {
        var members = new JsonMembers(Encoding.UTF8.GetBytes(json));

        Assert.False(members.MoveNext());
        Assert.False(members.IsValid);
    }

    [Theory]
    [InlineData("""{"a":1,b}""")]
    [InlineData("""{"a":1 "b":2}""")]
    [InlineData("""{"a":1]""")]
    public void Invalid_text_after_a_member_is_not_returned_as_a_member(string json)
    {
        var members = new JsonMembers(Encoding.UTF8.GetBytes(json));

        Assert.True(members.MoveNext());
        Assert.False(members.MoveNext());
        Assert.False(members.IsValid);
    }

    [Fact]
    public void An_escaped_surrogate_pair_is_valid_text()
    {
        var members = new JsonMembers("""{"a":"\ud900\udc00"}"""u8);

        Assert.True(members.MoveNext() && !members.MoveNext() && members.IsValid);
    }

    [Fact]
    public void IsNameEscaped_is_about_the_current_name_only()
    {
        var members = new JsonMembers("""{"a":"\n","\u0062":1,"c":1}"""u8);

        Assert.True(members.MoveNext());
        Assert.False(members.IsNameEscaped);
        Assert.True(members.MoveNext());
        Assert.True(members.IsNameEscaped);
        Assert.True(members.MoveNext());
        Assert.False(members.IsNameEscaped);
    }

    [Theory]
    [InlineData("121", "2", false)]
    [InlineData("\"\u00e9\"", "\u00e9", true)]
    [InlineData("\"\\u00e9\"", "\u00e9", true)]
    [InlineData("\"e\"", "\u00e9", false)]
    [InlineData("\"\"", "", true)]
    public void A_value_is_compared_by_its_meaning(string value, string text, bool expected) =>
        Assert.Equal(expected, JsonMembers.IsString(Encoding.UTF8.GetBytes(value), text));

    [Fact]
    public void Copying_plain_text_allocates_nothing()
    {
        var value = "\"plain\""u8;
        Span<char> buffer = stackalloc char[5];
        JsonMembers.CopyString(value, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var length = JsonMembers.CopyString(value, buffer);

        Assert.Equal((5, 0), (length, GC.GetAllocatedBytesForCurrentThread() - before));
    }
}
