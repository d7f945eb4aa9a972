using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using JwksAuth.DocumentationTests.Packages;

namespace JwksAuth.DocumentationTests;

public class PackageTests
{
    [Theory]
    [InlineData("JwksAuth")]
    [InlineData("JwksAuth.Testing")]
    [InlineData("JwksAuth.PostgreSql")]
    [InlineData("JwksAuth.OpenApi")]
    public async Task A_package_has_all_that_its_users_need_and_nothing_else(string name)
    {
        using var packed = await PackedProject.PackAsync(name);

        Assert.Equal(
            [$"{name}.nuspec", "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"],
            packed.Files.Order(StringComparer.Ordinal));
        Assert.Equal(name, packed.Metadata("id")?.Value);
        Assert.Equal("0.1.0", packed.Metadata("version")?.Value);
        Assert.Equal("MIT", packed.Metadata("license")?.Value);
        Assert.Equal("README.md", packed.Metadata("readme")?.Value);
        Assert.Equal("icon.png", packed.Metadata("icon")?.Value);
        Assert.NotEmpty(packed.Metadata("description")!.Value);
        Assert.Equal("Microsoft.AspNetCore.App", packed.Metadata("frameworkReference")?.Attribute("name")?.Value);
        Assert.Contains(packed.Symbols.Entries, entry => entry.FullName == $"lib/net10.0/{name}.pdb");
        Assert.True(IsDeterministic(packed.Read($"lib/net10.0/{name}.dll")));
        Assert.NotEmpty(XDocument.Load(packed.Read($"lib/net10.0/{name}.xml")).Descendants("member"));
    }

    [Fact]
    public async Task A_package_asks_only_for_packages_that_run_with_it()
    {
        using var packed = await PackedProject.PackAsync("JwksAuth");

        Assert.DoesNotContain(packed.Metadata("dependencies")!.Descendants(), dependency =>
            dependency.Attribute("id")?.Value.Contains("Analyzers", StringComparison.Ordinal) == true);
    }

    private static bool IsDeterministic(Stream assembly)
    {
        using var reader = new PEReader(assembly);
        return reader.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }
}
