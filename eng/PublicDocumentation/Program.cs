using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

// Copies the XML documentation of an assembly without the members that other assemblies cannot see.
// Arguments: the assembly, its documentation, the copy, and a file that lists the assemblies it refers to.
var assembly = MetadataReference.CreateFromFile(args[0]);
var references = File.ReadLines(args[3]).Select(path => MetadataReference.CreateFromFile(path));
var compilation = CSharpCompilation.Create("Documentation", references: [assembly, .. references]);
var visible = VisibleIn(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(assembly)!).GlobalNamespace)
    .Select(symbol => symbol.GetDocumentationCommentId())
    .ToHashSet();

var documentation = XDocument.Load(args[1]);
documentation.Descendants("member").Where(member => !visible.Contains((string?)member.Attribute("name"))).Remove();
documentation.Save(args[2]);

static IEnumerable<ISymbol> VisibleIn(INamespaceOrTypeSymbol container) =>
    from member in container.GetMembers()
    where member is INamespaceSymbol || member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
    from symbol in member is INamespaceOrTypeSymbol inner ? VisibleIn(inner).Prepend(inner) : [member]
    select symbol;
