using System.Reflection;
using System.Runtime.CompilerServices;

namespace JwksAuth.Tests.Architecture;

/// <summary>The folder of each type of a package, and the other folders that it calls.</summary>
internal sealed class PackageFolders(Assembly assembly)
{
    private readonly string _package = assembly.GetName().Name!;

    private Dictionary<string, string> FoldersOfPublicTypes => field ??= Files
        .SelectMany(path => SourceTree.PublicTypesIn(path).Select(name => (name, folder: SourceTree.FolderOf(path, _package))))
        .DistinctBy(type => type.name)
        .ToDictionary(type => type.name, type => type.folder);

    /// <summary>The source files of the package.</summary>
    public IEnumerable<string> Files { get; } = SourceTree.Files
        .Where(path => path.StartsWith(Path.Combine(SourceTree.Root, "src", assembly.GetName().Name!) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>The types in the source, without those that a compiler adds.</summary>
    public IEnumerable<Type> Types { get; } = assembly.GetTypes().Where(IsWritten);

    /// <summary>The folder of a type: that of its namespace or, for public types, that of its file; empty for types of other packages.</summary>
    public string FolderOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        if (type.Assembly != assembly || !IsWritten(type))
            return "";
        return type.IsVisible
            ? FoldersOfPublicTypes[type.Name.Split('`')[0]]
            : type.Namespace![Math.Min(type.Namespace!.Length, _package.Length + 1)..].Replace('.', '/');
    }

    /// <summary>Each use of a type by a type of another folder.</summary>
    public IEnumerable<(string From, string To, Type Source, Type Target)> Calls() =>
        from source in assembly.GetTypes()
        let folder = FolderOf(source)
        where folder.Length > 0
        from target in TypeReferences.Of(source)
        let called = FolderOf(target)
        where called.Length > 0 && called != folder
        select (folder, called, source, target);

    private static bool IsWritten(Type type)
    {
        for (var part = type; part is not null; part = part.DeclaringType)
        {
            if (part.IsDefined(typeof(CompilerGeneratedAttribute), false) || part.Name.Contains('<', StringComparison.Ordinal)
                || part.Namespace is not { } name || !name.StartsWith("JwksAuth", StringComparison.Ordinal) && !part.IsVisible)
                return false;
        }

        return true;
    }
}
