using FsCheck;
using FsCheck.Fluent;

namespace JwksAuth.Tests;

/// <summary>Checks a property with generated values, which are the same in every run. A failure names the smallest failing value.</summary>
internal static class Properties
{
    private const ulong Seed = 7515;
    private const ulong Gamma = 7519; // odd, as the generator demands

    public static void Check<T>(Gen<T> values, Action<T> property, int cases = 1000) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(Seed, Gamma), Prop.ForAll(values.ToArbitrary(), property));
}
