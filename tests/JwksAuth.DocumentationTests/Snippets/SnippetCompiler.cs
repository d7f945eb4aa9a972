using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JwksAuth.DocumentationTests.Snippets;

/// <summary>
/// Compiles code from the documentation as a reader would paste it: statements into a method, methods into a class, types next to it.
/// </summary>
internal static class SnippetCompiler
{
    // The implicit usings of a web project, and those of a test project.
    private static readonly SyntaxTree Usual = Parse(string.Join('\n', new[]
    {
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks", "System.Text.Json.Nodes", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Mvc.Testing", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.TestHost",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging", "JwksAuth", "JwksAuth.Testing", "Xunit",
    }.Select(name => $"global using {name};")) + "\npublic partial class Program;");

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The compiler's errors; empty when the code compiles.</summary>
    public static IReadOnlyList<string> ErrorsOf(string code)
    {
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [Usual, Parse(Wrap(code))],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(error => error.ToString())];
    }

    private static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview));

    private static string Wrap(string code)
    {
        var root = Parse(code + "\n").GetCompilationUnitRoot();
        var types = root.Members.Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);
        var methods = root.Members.Where(IsMethod);
        var statements = root.Members.Except(types).Except(methods);

        return new StringBuilder()
            .AppendLine(root.Usings.ToFullString())
            .AppendLine($"public sealed class Snippet : {typeof(SnippetContext).FullName} {{")
            .AppendLine("private async Task RunAsync() {")
            .AppendJoin("", statements.Select(member => member.ToFullString()))
            .AppendLine("}")
            .AppendJoin("", methods.Select(member => member.ToFullString()))
            .AppendLine("}")
            .AppendJoin("", types.Select(member => member.ToFullString()))
            .ToString();
    }

    // A method outside a class is read as a local function, regardless of its modifiers.
    private static bool IsMethod(MemberDeclarationSyntax member) =>
        member is MethodDeclarationSyntax or GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax };
}
