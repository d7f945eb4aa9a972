using JwksAuth.Jose.Encryption;

namespace JwksAuth.Tests.Jose.Encryption;

public class JwePartsTests
{
    [Fact]
    public void Each_of_five_parts_is_decoded()
    {
        var parts = JweParts.TryRead("AA.AQ.Ag.Aw.BA")!;

        Assert.Equal([0, 1, 2, 3, 4], (byte[])[.. parts.Header, .. parts.EncryptedKey, .. parts.Vector, .. parts.Ciphertext, .. parts.Tag]);
        Assert.Equal("AA"u8.ToArray(), parts.AdditionalData);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AA.AA.AA")]
    [InlineData("AA.AA.AA.AA")]
    [InlineData("AA.AA.AA.AA.AA.AA")]
    [InlineData("AA.AA.AA.AA.AA.")]
    [InlineData("A.AA.AA.AA.AA")]
    [InlineData("AA.A=.AA.AA.AA")]
    [InlineData("AA.AA.A+.AA.AA")]
    [InlineData("AA.AA.AA.AB.AA")]
    [InlineData("AA.AA.AA.AA. AA")]
    [InlineData("AA.AA.AA.AA.A/")]
    public void Anything_but_five_parts_is_refused(string token) => Assert.Null(JweParts.TryRead(token));
}
