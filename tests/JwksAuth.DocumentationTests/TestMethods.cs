using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JwksAuth.DocumentationTests;

/// <summary>The test methods in the sources under <c>tests</c>, each with its namespace and class.</summary>
internal static class TestMethods
{
    private static readonly string[] Kinds = ["Fact", "Theory", "Property"];

    private static readonly Lazy<IReadOnlyList<string>> FullNames = new(() =>
        [.. RepositoryFiles.FindAll("*.cs").Where(path => path.StartsWith("tests/", StringComparison.Ordinal)).SelectMany(MethodsIn)]);

    /// <summary>The full names of the tests that match <c>Class.Method</c>; part of the namespace may precede it.</summary>
    public static IReadOnlyList<string> Find(string name) => [.. FullNames.Value.Where(full => full.EndsWith($".{name}", StringComparison.Ordinal))];

    private static IEnumerable<string> MethodsIn(string path) =>
        from method in CSharpSyntaxTree.ParseText(File.ReadAllText(RepositoryFiles.PathOf(path))).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(IsOfATest)
        select $"{NamespaceOf(method)}.{(method.Parent as TypeDeclarationSyntax)?.Identifier}.{method.Identifier}";

    private static bool IsOfATest(AttributeSyntax attribute) => Kinds.Any(kind => attribute.Name.ToString().EndsWith(kind, StringComparison.Ordinal));

    private static string NamespaceOf(MethodDeclarationSyntax method) =>
        method.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "";
}
