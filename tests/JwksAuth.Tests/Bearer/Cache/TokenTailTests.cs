using JwksAuth.Bearer;

namespace JwksAuth.Tests.Bearer.Cache;

public class TokenTailTests
{
    [Theory]
    [InlineData("a.b.0123456789abcdef", "other.0123456789abcdef", true)]
    [InlineData("a.b.0123456789abcdef", "a.b.0123456789abcdeF", false)]
    [InlineData("a.b.0123456789abcdef", "a.b.1123456789abcdef", false)]
    public void TryRead_TwoTokens_AreAlikeByTheirLastSixteenCharacters(string first, string second, bool areAlike)
    {
        Assert.True(TokenTail.TryRead(first, out var one));
        Assert.True(TokenTail.TryRead(second, out var other));

        Assert.Equal(areAlike, one == other);
        Assert.Equal(areAlike, one.GetHashCode() == other.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("123456789abcdef")]
    [InlineData("a.b.0123456789abcdé")]
    public void TryRead_ShortOrForeign_IsFalse(string token) => Assert.False(TokenTail.TryRead(token, out _));
}
