using System.Buffers.Text;
using System.Text;
using JwksAuth.Jose;

namespace JwksAuth.Tests.Jose;

public class CompactTokenTests
{
    [Fact]
    public void Three_parts_are_split()
    {
        Assert.True(CompactToken.TrySplit("e30.YWJj.-_-_", out var parts));

        Assert.Equal("e30", parts.Header.ToString());
        Assert.Equal("YWJj", parts.Payload.ToString());
        Assert.Equal("-_-_", parts.Signature.ToString());
        Assert.Equal("abc", Encoding.UTF8.GetString(CompactToken.Decode(parts.Payload, new byte[CompactToken.DecodedLength(parts.Payload)])));
    }

    [Fact]
    public void An_empty_payload_is_accepted()
    {
        Assert.True(CompactToken.TrySplit("e30..AAAA", out var parts));

        Assert.True(CompactToken.Decode(parts.Payload, []).IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("e30")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.")]
    [InlineData(".e30.AAAA")]
    [InlineData("..AAAA")]
    [InlineData("e30.e30.AAAA.")]
    [InlineData("e30.e30.AAAA.AAAA")]
    [InlineData("e30.e30.AAAA.AAAA.AAAA")]
    [InlineData("e30=.e30.AAAA")]
    [InlineData("e30.e30=.AAAA")]
    [InlineData("e30.e30.AA==")]
    [InlineData(" e30.e30.AAAA")]
    [InlineData("e30.e30.AAAA ")]
    [InlineData("e30.e30.AA AA")]
    [InlineData("e30.\te30.AAAA")]
    [InlineData("e30.e30.AAAA\n")]
    [InlineData("e30.e30.AA\0A")]
    [InlineData("e30.e30.AA+A")]
    [InlineData("e30.e30.AA/A")]
    [InlineData("e30.e30.AAAé")]
    [InlineData("e30.e30.AAA\u0430")] // the Cyrillic letter
    [InlineData("e30.e30.AAA\u0141")] // 'A' to whoever looks at its low byte only
    [InlineData("e30.e30.AA%41")]
    [InlineData("e30.e30.A")]
    [InlineData("e30.e30.AAAAA")]
    public void Anything_but_three_parts_is_refused(string token) => Assert.False(CompactToken.TrySplit(token, out _));

    [Fact]
    public void Unused_bits_must_be_zero()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        foreach (var last in Alphabet)
        {
            foreach (var part in new[] { $"A{last}", $"AA{last}", $"AAA{last}", $"AAAAA{last}" })
            {
                var decoded = Base64UrlWithoutCare(part);
                Assert.Equal(Base64Url.EncodeToString(decoded) == part, CompactToken.TrySplit($"{part}.{part}.{part}", out _));
            }
        }
    }

    [Theory]
    [InlineData("a.b.c", false)]
    [InlineData("a.b.c.d", false)]
    [InlineData("a.b.c.d.e", true)]
    [InlineData("....", true)]
    [InlineData("a.b.c.d.e.f", false)]
    public void A_token_of_five_parts_is_encrypted(string token, bool expected) => Assert.Equal(expected, CompactToken.IsEncrypted(token));

    private static byte[] Base64UrlWithoutCare(string part)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var bits = string.Concat(part.Select(symbol => Convert.ToString(Alphabet.IndexOf(symbol, StringComparison.Ordinal), 2).PadLeft(6, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2))];
    }
}
