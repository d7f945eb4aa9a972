using System.Security.Cryptography;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Tests.Keys.Reading;

public class EcCurvesTests
{
    [Theory]
    [InlineData("P-256", 32)]
    [InlineData("P-384", 48)]
    [InlineData("P-521", 66)]
    public void A_supported_curve_is_found_by_name_and_by_curve(string name, int length)
    {
        Assert.Equal(name, EcCurves.NameOf(EcCurves.Find(name)!.Value));
        Assert.Equal(length, EcCurves.CoordinateLength(name));
    }

    [Fact]
    public void A_curve_given_by_explicit_parameters_has_no_name()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Null(EcCurves.NameOf(key.ExportExplicitParameters(false).Curve));
        Assert.Null(EcCurves.NameOf(ECCurve.NamedCurves.brainpoolP256r1));
    }
}
