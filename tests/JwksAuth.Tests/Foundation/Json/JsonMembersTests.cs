using System.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Tests.Foundation.Json;

public class JsonMembersTests
{
    public static TheoryData<string> Texts =>
    [
        "{}", " { } ", "{\"a\":1}", "{\"a\":1,\"b\":[1,{\"c\":null}],\"d\":\"\"}", "\t{\r\n\"a\" : true }\n", "{\"\":{}}",
        "", " ", "null", "true", "1", "\"a\"", "[]", "[{}]", "{", "}", "{{}}", "{}{}", "{},", "{}\0", "{} x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,\"a\":1}",
        "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{a:1}", "{'a':1}", "{\"a\":1:2}", "{\"a\" 1}", "{1:1}", "{null:1}", "{\"a\":tru}", "{\"a\":truee}", "{\"a\":TRUE}", "{\"a\":nul}",
        "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}", "{\"a\":[}", "{\"a\":]}", "{\"a\":[}]", "{\"a\":{]}", "{\"a\":[1}", "{\"a\":{\"b\":1]}", "{\"a\":{\"b\"}}", "{\"a\":{1:2}}",
        "{\"a\":-}", "{\"a\":-0}", "{\"a\":01}", "{\"a\":-01}", "{\"a\":1.}", "{\"a\":.1}", "{\"a\":+1}", "{\"a\":1e}", "{\"a\":1e+}", "{\"a\":1e1.5}", "{\"a\":0.0e-0}", "{\"a\":1E9999}",
        "{\"a\":0x10}", "{\"a\":1_000}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":--1}", "{\"a\":1-}", "{\"a\":\u0661}",
        "{\"a\":\"\\\"\"}", "{\"a\":\"\\\\\"}", "{\"a\":\"\\\"}", "{\"a\":\"\\\\\\\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u00e\"}", "{\"a\":\"\\u00eg\"}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\U0041\"}",
        "{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ude00\"}", "{\"a\":\"\\ude00\\ud83d\"}", "{\"a\":\"\\ud83d\\n\"}", "{\"a\":\"\\ud83dx\"}", "{\"a\":\"\\ud83d\\u0041\"}",
        "{\"\\ud83d\":1}", "{\"\\u0061\":1}", "{\"a\":\"\\", "{\"a\":\"\\u", "{\"a\":\"\\ud83d\\u", "{\"a\":\"", "{\"a", "{\"a\":\"\t\"}", "{\"a\":\"\n\"}", "{\"a\":\"\0\"}", "{\"a\":\"\u001f\"}",
        "{\"a\":\"\u007f\"}", "{\"a\":\"\u2028\"}", "{\"a\":\"é😀\"}", "{\u00a0}", "{\v}", "{\f}", "\uFEFF{}", "{}\uFEFF", "{\uFEFF\"a\":1}", "{\"\uFEFF\":1}", "/**/{}", "{}//", "{\"a\":1/**/}",
    ];

    public static TheoryData<byte[]> IllFormedTexts =>
    [
        [0x80], [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xB0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_scanner_agrees_with_the_framework_on_any_text(string text) => AssertAgrees(Encoding.UTF8.GetBytes(text));

    [Theory]
    [MemberData(nameof(IllFormedTexts))]
    public void Ill_formed_UTF8_is_invalid(byte[] bytes)
    {
        byte[][] texts = [[.. "{\"a\":\""u8, .. bytes, .. "\"}"u8], [.. "{\""u8, .. bytes, .. "\":1}"u8], [.. "{}"u8, .. bytes], [.. bytes, .. "{}"u8], [.. "{\"a\":["u8, .. bytes, .. "]}"u8]];

        Assert.All(texts, text => Assert.Null(Ours(text)));
        Assert.All(texts, text => AssertAgrees(text));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[{\"a\":", "}]")]
    public void The_scanner_agrees_with_the_framework_on_deep_nesting(string open, string close)
    {
        for (var depth = 0; depth < 70; depth++)
        {
            var nested = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            AssertAgrees(Encoding.UTF8.GetBytes($"{{\"a\":{nested}}}"));
        }
    }

    [Fact]
    public void Unbounded_nesting_is_invalid_and_does_not_overflow_the_stack() =>
        Assert.Null(Ours(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 1_000_000))));

    [Fact]
    public void The_scanner_agrees_with_the_framework_on_every_truncation()
    {
        var text = Encoding.UTF8.GetBytes("""{"a":"\ud83d\ude00é\n","b":[1.5e+3,true,{"c":null}],"\u0064":-0.0}""");
        for (var length = 0; length <= text.Length; length++)
            AssertAgrees(text[..length]);
    }

    [Fact]
    public void The_scanner_agrees_with_the_framework_on_every_byte_inside_and_outside_a_string()
    {
        for (var value = 0; value < 256; value++)
        {
            AssertAgrees([.. "{\"a\":\"x"u8, (byte)value, .. "x\"}"u8]);
            AssertAgrees([.. "{\"a\":\"\\"u8, (byte)value, .. "\"}"u8]);
            AssertAgrees([.. "{\"a\":1"u8, (byte)value, .. "}"u8]);
            AssertAgrees([.. "{"u8, (byte)value, .. "\"a\":1}"u8]);
        }
    }

    [Fact]
    public void The_scanner_agrees_with_the_framework_on_generated_and_mutated_texts()
    {
        var mutator = new Mutator(seed: 8259);
        var generator = new JsonGenerator(mutator);
        var good = 0;
        const int Count = 20_000;
        for (var count = 0; count < Count; count++)
        {
            var text = Encoding.UTF8.GetBytes(generator.Object());
            if (AssertAgrees(text))
                good++;
            AssertAgrees(mutator.Mutate(text));
        }

        Assert.InRange(good, Count / 4, Count * 9 / 10); // the corpus must contain both valid and invalid texts
    }

    [Theory]
    [InlineData("\"abc\"", "abc", true)]
    [InlineData("\"a\\u0062c\"", "abc", true)]
    [InlineData("\"abc\"", "abcd", false)]
    [InlineData("\"ABC\"", "abc", false)]
    [InlineData("\"\\ud83d\\ude00\"", "😀", true)]
    [InlineData("\"\"", "", true)]
    [InlineData("123", "123", false)]
    [InlineData("", "", false)]
    public void A_raw_value_is_compared_by_its_meaning(string raw, string text, bool expected) =>
        Assert.Equal(expected, JsonMembers.IsString(Encoding.UTF8.GetBytes(raw), text));

    [Theory]
    [InlineData("\"abcd\"", "abcd")]
    [InlineData("\"abcde\"", null)]
    [InlineData("\"\\u0061\\u0062\\u0063\\u0064\"", "abcd")]
    [InlineData("\"\\u0061\\u0062\\u0063\\u0064e\"", null)]
    [InlineData("\"\\n\\n\\n\\n\\n\"", null)]
    [InlineData("\"éé😀\"", "éé😀")]
    [InlineData("\"ééé😀\"", null)]
    [InlineData("\"\"", "")]
    [InlineData("1234", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    public void A_text_is_copied_only_if_it_fits_the_buffer(string raw, string? expected)
    {
        Span<char> buffer = stackalloc char[4];

        var length = JsonMembers.CopyString(Encoding.UTF8.GetBytes(raw), buffer);

        Assert.Equal(expected, length < 0 ? null : buffer[..length].ToString());
    }

    /// <summary>Asserts that both readers agree on the validity and the members of the text; returns the validity.</summary>
    private static bool AssertAgrees(byte[] text)
    {
        var ours = Ours(text);
        var theirs = Theirs(text);
        if (!(ours is null ? theirs is null : theirs is not null && ours.SequenceEqual(theirs)))
            Assert.Fail($"Disagreement ({ours is not null} against {theirs is not null}) about {Convert.ToHexString(text)}: {Encoding.UTF8.GetString(text)}");
        return ours is not null;
    }

    private static List<(string Name, string RawValue)>? Ours(byte[] text)
    {
        var found = new List<(string, string)>();
        var members = new JsonMembers(text);
        while (members.MoveNext())
            found.Add((JsonMembers.ToText(members.RawQuotedName), Encoding.UTF8.GetString(members.RawValue)));
        return members.IsValid ? found : null;
    }

    private static List<(string Name, string RawValue)>? Theirs(byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            ReadEveryString(json.RootElement);
            return [.. json.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.GetRawText()))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // The framework checks the characters of a string only when the string is read.
    private static void ReadEveryString(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            Assert.NotNull(element.GetString());
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in element.EnumerateArray())
                ReadEveryString(child);
        }

        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                Assert.NotNull(member.Name);
                ReadEveryString(member.Value);
            }
        }
    }
}
