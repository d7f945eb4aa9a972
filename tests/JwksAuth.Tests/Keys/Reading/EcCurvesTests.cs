using System.Security.Cryptography;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Tests.Keys.Reading;

public class EcCurvesTests
{
    [Theory]
    [InlineData("P-256", 32)]
    [InlineData("P-384", 48)]
    [InlineData("P-521", 66)]
    public void Find_SupportedCurve_KnowsItBothWays(string name, int length)
    {
        Assert.Equal(name, EcCurves.NameOf(EcCurves.Find(name)!.Value));
        Assert.Equal(length, EcCurves.CoordinateLength(name));
    }

    [Fact]
    public void NameOf_CurveGivenByItsParameters_IsNone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Null(EcCurves.NameOf(key.ExportExplicitParameters(false).Curve));
        Assert.Null(EcCurves.NameOf(ECCurve.NamedCurves.brainpoolP256r1));
    }
}
