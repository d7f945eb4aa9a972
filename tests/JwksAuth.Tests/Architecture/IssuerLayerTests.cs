namespace JwksAuth.Tests.Architecture;

/// <summary>Holds the folders of JwksAuth.Issuer to their layers.</summary>
public class IssuerLayerTests
{
    private const string Package = "JwksAuth.Issuer";

    /// <summary>Each folder with the folders of the package that it may call.</summary>
    private static readonly Dictionary<string, string[]> Layers = new()
    {
        ["SigningKeys/Storage"] = [],
        ["SigningKeys/LifeCycle"] = ["SigningKeys/Storage"],
        ["SigningKeys"] = ["SigningKeys/LifeCycle", "SigningKeys/Storage"],
        ["ClientAssertions"] = [],
    };

    private static readonly Dictionary<string, string> FoldersOfPublicTypes = SourceTree.Files
        .Where(path => path.StartsWith(Path.Combine(SourceTree.Root, "src", Package) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .SelectMany(path => SourceTree.PublicTypesIn(path).Select(name => (name, folder: SourceTree.FolderOf(path, Package))))
        .ToDictionary(type => type.name, type => type.folder);

    [Fact]
    public void Every_type_lives_in_a_known_folder()
    {
        var folders = typeof(IJwksSigningKeys).Assembly.GetTypes().Select(FolderOf).Where(folder => folder.Length > 0).Distinct();

        Assert.Equal(Layers.Keys.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_folder_calls_only_those_below_it()
    {
        var calls = from source in typeof(IJwksSigningKeys).Assembly.GetTypes()
                    let folder = FolderOf(source)
                    where folder.Length > 0
                    from target in TypeReferences.Of(source)
                    let called = FolderOf(target)
                    where called.Length > 0 && called != folder
                    select (folder, called, text: $"{source} uses {target}");

        Assert.Contains(calls, call => call is { folder: "SigningKeys", called: "SigningKeys/Storage" });
        Assert.Empty(calls.Where(call => !Layers[call.folder].Contains(call.called)).Select(call => call.text).Distinct());
    }

    /// <summary>The folder of a type: that of its namespace or, for public types, that of its file; empty for what belongs to none.</summary>
    private static string FolderOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        if (type.Assembly != typeof(IJwksSigningKeys).Assembly)
            return "";
        return type.IsVisible
            ? FoldersOfPublicTypes[type.Name]
            : type.Namespace?.Split('.') is ["JwksAuth", "Issuer", .. var folders] ? string.Join('/', folders) : "";
    }
}
