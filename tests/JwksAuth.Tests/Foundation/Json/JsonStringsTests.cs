using System.Text;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Tests.Foundation.Json;

public class JsonStringsTests
{
    [Theory]
    [InlineData("[]", "")]
    [InlineData("[ ]", "")]
    [InlineData("[\"\"]", "\"\"")]
    [InlineData("[\"a\",\"b\"]", "\"a\"|\"b\"")]
    [InlineData("[ \"a\" ,\n\t\"b\" ]", "\"a\"|\"b\"")]
    [InlineData("[\"a,b\",\" , \"]", "\"a,b\"|\" , \"")]
    [InlineData("[\"\\\"\",\"\\\\\"]", "\"\\\"\"|\"\\\\\"")]
    [InlineData("[\"]\",\"[\"]", "\"]\"|\"[\"")]
    public void Every_string_of_an_array_is_returned(string array, string expected)
    {
        var strings = new JsonStrings(Encoding.UTF8.GetBytes(array));
        var found = new List<string>();
        while (strings.MoveNext())
            found.Add(Encoding.UTF8.GetString(strings.RawValue));

        Assert.Equal(expected, string.Join('|', found));
        Assert.True(JsonStrings.IsArrayOfStrings(Encoding.UTF8.GetBytes(array)));
    }

    [Theory]
    [InlineData("\"a\"")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[\"a\",1]")]
    [InlineData("[\"a\",null]")]
    [InlineData("[[]]")]
    [InlineData("[{\"a\":\"b\"}]")]
    public void Anything_else_is_not_an_array_of_strings(string value) => Assert.False(JsonStrings.IsArrayOfStrings(Encoding.UTF8.GetBytes(value)));
}
