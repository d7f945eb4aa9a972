using System.Reflection;
using JwksAuth.Testing;

namespace JwksAuth.DocumentationTests.Packages;

/// <summary>The types that users of the packages can see.</summary>
internal static class PublicTypes
{
    private static readonly Assembly[] Assemblies =
        [typeof(JwksBearerOptions).Assembly, typeof(IJwksSigningKeys).Assembly, typeof(FakeJwksServer).Assembly, Assembly.Load("JwksAuth.PostgreSql"), Assembly.Load("JwksAuth.OpenApi")];

    private static readonly HashSet<string> Exported = [.. Assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Select(NameOf)];

    private static readonly HashSet<string> Ours = [.. Assemblies.SelectMany(assembly => assembly.GetTypes()).Select(NameOf)];

    /// <summary>Whether the identifier of an XML comment, such as <c>M:Namespace.Type.Method</c>, is that of a public type or of a member of one.</summary>
    public static bool Declare(string id) => Exported.Contains(TypeOf(id));

    /// <summary>Whether the identifier is that of any type of the packages, or of a member of one.</summary>
    public static bool IsOurs(string id) => Ours.Contains(TypeOf(id));

    private static string TypeOf(string id)
    {
        var name = id[2..].Split('(')[0];
        return id[0] == 'T' ? name : name[..name.LastIndexOf('.')];
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');
}
