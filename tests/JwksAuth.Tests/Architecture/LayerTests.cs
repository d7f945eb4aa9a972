using System.Runtime.CompilerServices;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Architecture;

/// <summary>Holds the folders of JwksAuth to their layers, and the source to its rules of form.</summary>
public class LayerTests
{
    private const int MaximumLines = 300;

    /// <summary>Each room with the rooms that it may call. A new room is added here on purpose.</summary>
    private static readonly Dictionary<string, string[]> Layers = new()
    {
        ["Diagnostics"] = [],
        ["Keys"] = ["Diagnostics"],
        ["Jose"] = ["Keys", "Diagnostics"],
        ["Schemes"] = ["Keys", "Diagnostics"],
        ["Bearer"] = ["Schemes", "Keys", "Jose", "Diagnostics"],
        ["Introspection"] = ["Schemes", "Keys", "Jose", "Diagnostics"],
        ["OwnKeys"] = ["Schemes", "Keys", "Jose", "Diagnostics"],
        ["Logout"] = ["Bearer", "Schemes", "Keys", "Jose", "Diagnostics"],
        ["Access"] = ["Schemes", "Keys", "Jose", "Diagnostics"],
        ["Fleet"] = ["Schemes", "Keys", "Diagnostics"],
        ["Operations"] = ["Keys", "Diagnostics"],
    };

    private static readonly Type[] Types = typeof(IJwksManager).Assembly.GetTypes();

    private static readonly Dictionary<string, string> RoomsOfPublicTypes = SourceTree.Files
        .Where(path => path.StartsWith(Path.Combine(SourceTree.Root, "src", "JwksAuth") + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .SelectMany(path => SourceTree.PublicTypesIn(path).Select(name => (name, room: SourceTree.RoomOf(path, "JwksAuth"))))
        .DistinctBy(type => type.name)
        .ToDictionary(type => type.name, type => type.room);

    [Fact]
    public void Every_folder_is_a_known_layer()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src", "JwksAuth")).Select(path => Path.GetFileName(path));

        Assert.Empty(folders.Except(["obj", "bin", .. Layers.Keys]));
    }

    [Fact]
    public void Every_layer_calls_only_those_below_it()
    {
        var offences = Calls()
            .Where(call => RoomOf(call.Target) is { Length: > 0 } room && room != call.Room && !Layers[call.Room].Contains(room))
            .Select(call => $"{call.Room}: {call.Source} uses {call.Target} of {RoomOf(call.Target)}");

        Assert.Empty(offences.Distinct());
    }

    [Theory]
    [InlineData("Keys")]
    [InlineData("Jose")]
    [InlineData("Diagnostics")]
    public void Layers_below_the_scheme_know_nothing_of_requests(string layer)
    {
        var offences = Calls()
            .Where(call => call.Room == layer && call.Target.Namespace?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) == true)
            .Select(call => $"{call.Source} uses {call.Target}");

        Assert.Empty(offences.Distinct());
    }

    [Fact]
    public void A_call_of_another_layer_is_seen()
    {
        Assert.Contains(Calls(), call => call is { Room: "Bearer", Target.Name: "RemoteKeySource" });
        Assert.Contains(Calls(), call => call is { Room: "Keys", Target.Name: "SourceTelemetry" });
    }

    [Fact]
    public void Internal_types_carry_the_namespace_of_their_layer()
    {
        var offences = Types.Where(type => !type.IsVisible && IsWritten(type) && !type.IsNested && !IsTopLevel(type) && !Layers.ContainsKey(RoomOf(type)));

        Assert.Empty(offences);
    }

    [Theory]
    [InlineData(typeof(IJwksManager))]
    [InlineData(typeof(IJwksSigningKeys))]
    [InlineData(typeof(FakeJwksServer))]
    public void Internal_classes_are_sealed_or_static(Type anyType)
    {
        var offences = anyType.Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsVisible: false, IsSealed: false, IsAbstract: false } && IsWritten(type));

        Assert.Empty(offences);
    }

    /// <summary>A file <c>Type.Part.cs</c> is a part of the type.</summary>
    [Fact]
    public void No_type_is_long_over_all_its_files()
    {
        var offences = SourceTree.Files
            .GroupBy(path => Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(path).Split('.')[0]))
            .Select(type => (type.Key, lines: type.Sum(path => File.ReadLines(path).Count())))
            .Where(type => type.lines > MaximumLines);

        Assert.Empty(offences);
    }

    [Fact]
    public void A_source_file_has_at_most_one_public_type() =>
        Assert.DoesNotContain(SourceTree.Files, path => SourceTree.PublicTypesIn(path).Count() > 1);

    private static IEnumerable<(string Room, Type Source, Type Target)> Calls() =>
        from source in Types
        let room = RoomOf(source)
        where room.Length > 0
        from target in TypeReferences.Of(source)
        select (room, source, target);

    /// <summary>The layer of a type: that of its namespace or, for public types, that of its file; empty for what belongs to none.</summary>
    private static string RoomOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        if (type.Assembly != typeof(IJwksManager).Assembly)
            return "";
        if (type.IsVisible)
            return RoomsOfPublicTypes[type.Name.Split('`')[0]];
        return type.Namespace?.Split('.') is ["JwksAuth", var room, ..] ? room : "";
    }

    private static bool IsTopLevel(Type type) =>
        SourceTree.Files.Any(path => path == Path.Combine(SourceTree.Root, "src", "JwksAuth", type.Name + ".cs"));

    private static bool IsWritten(Type type)
    {
        for (var part = type; part is not null; part = part.DeclaringType)
        {
            if (part.IsDefined(typeof(CompilerGeneratedAttribute), false) || part.Name.Contains('<', StringComparison.Ordinal) || part.Namespace?.StartsWith("System", StringComparison.Ordinal) == true || part.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true)
                return false;
        }

        return true;
    }
}
