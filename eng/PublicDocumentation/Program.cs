using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

// Copies the XML documentation of an assembly without the members that other assemblies cannot see. Fails if a parameter of a member that
// they see has neither a comment nor a name that says everything.
// Arguments: the assembly, its documentation, the copy, and a file that lists the assemblies it refers to.
string[] clearNames = ["audiences", "builder", "cancellationToken", "client", "endpoints", "key", "principal", "request", "scopes", "services"];

var assembly = MetadataReference.CreateFromFile(args[0]);
var references = File.ReadLines(args[3]).Select(path => MetadataReference.CreateFromFile(path));
var compilation = CSharpCompilation.Create("Documentation", references: [assembly, .. references]);
var visible = VisibleIn(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(assembly)!).GlobalNamespace)
    .ToLookup(symbol => symbol.GetDocumentationCommentId());

var documentation = XDocument.Load(args[1]);
documentation.Descendants("member").Where(member => !visible.Contains((string?)member.Attribute("name"))).Remove();
documentation.Save(args[2]);

var undocumented =
    from member in documentation.Descendants("member")
    where member.Element("inheritdoc") is null
    from method in visible[(string?)member.Attribute("name")].OfType<IMethodSymbol>()
    from parameter in method.Parameters
    where !clearNames.Contains(parameter.Name) && member.Elements("param").All(param => (string?)param.Attribute("name") != parameter.Name)
    select $"error : {method.ToDisplayString()} has no comment on '{parameter.Name}'";
var errors = undocumented.ToList();
errors.ForEach(Console.Error.WriteLine);
return errors.Count == 0 ? 0 : 1;

static IEnumerable<ISymbol> VisibleIn(INamespaceOrTypeSymbol container) =>
    from member in container.GetMembers()
    where member is INamespaceSymbol || member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
    from symbol in member is INamespaceOrTypeSymbol inner ? VisibleIn(inner).Prepend(inner) : [member]
    select symbol;
