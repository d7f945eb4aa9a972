using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using JwksAuth.DocumentationTests.Packages;

namespace JwksAuth.DocumentationTests;

public partial class PackageTests
{
    [Theory]
    [InlineData("JwksAuth")]
    [InlineData("JwksAuth.Issuer")]
    [InlineData("JwksAuth.Testing")]
    [InlineData("JwksAuth.PostgreSql")]
    [InlineData("JwksAuth.OpenApi")]
    public async Task A_package_has_all_that_its_users_need_and_nothing_else(string name)
    {
        using var packed = await PackedProject.PackAsync(name);

        Assert.Equal(
            [$"{name}.nuspec", "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "sbom.cdx.json"],
            packed.Files.Order(StringComparer.Ordinal));
        Assert.Equal(name, packed.Metadata("id")?.Value);
        Assert.Matches(VersionFromTag(), packed.Version);
        Assert.Equal("MIT", packed.Metadata("license")?.Value);
        Assert.Equal("README.md", packed.Metadata("readme")?.Value);
        Assert.Equal("icon.png", packed.Metadata("icon")?.Value);
        Assert.NotEmpty(packed.Metadata("description")!.Value);
        Assert.Equal("Microsoft.AspNetCore.App", packed.Metadata("frameworkReference")?.Attribute("name")?.Value);
        Assert.True(IsDeterministic(packed.Read($"lib/net10.0/{name}.dll")));
        AssertReadme(packed);
        AssertDocumentation(packed, name);
        AssertBillOfMaterials(packed, name);
        AssertSymbols(packed, name);
    }

    [Theory]
    [InlineData("JwksAuth.Issuer", true)]
    [InlineData("JwksAuth.Testing", true)]
    [InlineData("JwksAuth.PostgreSql", true)]
    [InlineData("JwksAuth.OpenApi", false)]
    public async Task A_package_that_uses_internals_requires_the_same_version_of_JwksAuth(string name, bool exact)
    {
        using var packed = await PackedProject.PackAsync(name);

        Assert.Equal(exact ? $"[{packed.Version}]" : packed.Version, packed.Dependencies["JwksAuth"]);
    }

    [Fact]
    public async Task A_package_asks_only_for_packages_that_run_with_it()
    {
        using var packed = await PackedProject.PackAsync("JwksAuth");

        Assert.DoesNotContain("MinVer", packed.Dependencies.Keys);
        Assert.DoesNotContain(packed.Dependencies.Keys, id => id.Contains("Analyzers", StringComparison.Ordinal));
    }

    private static void AssertReadme(PackedProject packed)
    {
        using var reader = new StreamReader(packed.Read("README.md"));
        var links = Link().Matches(reader.ReadToEnd()).Select(match => match.Groups[1].Value).ToArray();

        Assert.Contains(links, link => link.StartsWith($"{packed.RepositoryUrl}/blob/{packed.Commit}/docs/", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(Uri.IsWellFormedUriString(link, UriKind.Absolute), $"{link} leads nowhere on a package site."));
    }

    /// <summary>Each member that is documented, and each that is referred to, belongs to a type that users can see.</summary>
    private static void AssertDocumentation(PackedProject packed, string name)
    {
        var members = XDocument.Load(packed.Read($"lib/net10.0/{name}.xml")).Descendants("member").ToArray();
        var ids = members.Select(member => member.Attribute("name")!.Value);
        var references = members.Descendants().Attributes("cref").Select(cref => cref.Value);

        Assert.NotEmpty(members);
        Assert.All(ids, id => Assert.True(PublicTypes.Declare(id), $"{id} is internal."));
        Assert.All(references, id => Assert.True(PublicTypes.Declare(id) || !PublicTypes.IsOurs(id), $"The documentation refers to {id}, which is internal."));
    }

    private static void AssertBillOfMaterials(PackedProject packed, string name)
    {
        var bill = JsonNode.Parse(packed.Read("sbom.cdx.json"))!;
        var listed = bill["components"]!.AsArray().Select(component => (string)component!["name"]!).ToArray();

        Assert.Equal("CycloneDX", (string?)bill["bomFormat"]);
        Assert.Equal($"pkg:nuget/{name}@{packed.Version}", (string?)bill["metadata"]!["component"]!["purl"]);
        Assert.Subset(listed.ToHashSet(), packed.Dependencies.Keys.ToHashSet());
    }

    private static void AssertSymbols(PackedProject packed, string name)
    {
        using var symbols = packed.OpenSymbols($"lib/net10.0/{name}.pdb");

        Assert.NotEmpty(symbols.Documents);
        Assert.All(symbols.Documents, document => Assert.True(symbols.HasSource(document), $"No debugger finds {document}."));
        Assert.Contains($"{packed.RepositoryUrl}/raw/{packed.Commit}/*", symbols.SourceLink, StringComparison.Ordinal);
    }

    private static bool IsDeterministic(Stream assembly)
    {
        using var reader = new PEReader(assembly);
        return reader.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    [GeneratedRegex(@"^[1-9]\d*\.\d+\.\d+(-[0-9A-Za-z.]+)?$")]
    private static partial Regex VersionFromTag();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
