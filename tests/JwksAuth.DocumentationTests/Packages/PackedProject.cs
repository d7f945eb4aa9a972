using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace JwksAuth.DocumentationTests.Packages;

/// <summary>A package as a user gets it: packed from the build output, and opened.</summary>
internal sealed class PackedProject : IDisposable
{
    private readonly DirectoryInfo _folder;

    private PackedProject(DirectoryInfo folder)
    {
        _folder = folder;
        Package = Open("*.nupkg");
        Symbols = Open("*.snupkg");
    }

    public ZipArchive Package { get; }

    public ZipArchive Symbols { get; }

    public string Version => Metadata("version")!.Value;

    public string RepositoryUrl => Metadata("repository")!.Attribute("url")!.Value;

    public string Commit => Metadata("repository")!.Attribute("commit")!.Value;

    /// <summary>The packages that this one requires, and their ranges of versions.</summary>
    public Dictionary<string, string> Dependencies =>
        Metadata("dependencies")!.Descendants().Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(dependency => dependency.Attribute("id")!.Value, dependency => dependency.Attribute("version")!.Value);

    /// <summary>The content of the package, without the entries of the container format.</summary>
    public IEnumerable<string> Files =>
        from entry in Package.Entries
        where entry.FullName != "[Content_Types].xml" && !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal)
            && !entry.FullName.StartsWith("package/", StringComparison.Ordinal)
        select entry.FullName;

    public static async Task<PackedProject> PackAsync(string project)
    {
        var folder = Directory.CreateTempSubdirectory("jwksauth-pack-");
        var configuration = typeof(PackedProject).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var start = new ProcessStartInfo("dotnet", ["pack", RepositoryFiles.PathOf($"src/{project}"), "-c", configuration, "--no-build", "-o", folder.FullName])
        {
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" }, // no process may outlive the test
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? new PackedProject(folder) : throw new InvalidOperationException(output);
    }

    /// <summary>The element of the package's description, in any version of the format; null if there is none.</summary>
    public XElement? Metadata(string name)
    {
        using var stream = Package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Descendants().FirstOrDefault(element => element.Name.LocalName == name);
    }

    public MemoryStream Read(string path) => Read(Package, path);

    public PackedSymbols OpenSymbols(string path) => new(Read(Symbols, path));

    public void Dispose()
    {
        Package.Dispose();
        Symbols.Dispose();
        _folder.Delete(recursive: true);
    }

    private static MemoryStream Read(ZipArchive archive, string path)
    {
        using var stream = archive.GetEntry(path)!.Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    private ZipArchive Open(string pattern) => ZipFile.OpenRead(_folder.GetFiles(pattern).Single().FullName);
}
