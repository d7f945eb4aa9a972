using Microsoft.Extensions.Configuration;

namespace JwksAuth.Foundation.Settings;

/// <summary>The configuration section of this package, and the sections that it may contain.</summary>
internal static class PackageSections
{
    public const string Root = "JwksAuth";

    public static IReadOnlyList<string> Names { get; } = ["KeyRing", "SigningKeys", "ClientAssertions"];

    public static void RefuseUnknown(IConfiguration configuration, List<SettingFault> faults)
    {
        var section = configuration.GetSection(Root);
        SectionKeys.RefuseValue(section, Root, faults);
        var keys = new SectionKeys(section, Root, faults);
        foreach (var name in Names)
            keys.Know(name, SettingForm.Section);
        keys.Complete([]);
    }
}
