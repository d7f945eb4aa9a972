using System.Reflection.Metadata;
using System.Text;

namespace JwksAuth.DocumentationTests.Packages;

/// <summary>The symbols of a package, as a debugger reads them.</summary>
internal sealed class PackedSymbols : IDisposable
{
    // The kinds of information that the portable PDB format defines for these purposes.
    private static readonly Guid EmbeddedSourceKind = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly MetadataReaderProvider _provider;
    private readonly MetadataReader _reader;
    private readonly Dictionary<string, DocumentHandle> _documents;

    public PackedSymbols(Stream pdb)
    {
        _provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        _reader = _provider.GetMetadataReader();
        _documents = _reader.Documents.ToDictionary(handle => _reader.GetString(_reader.GetDocument(handle).Name));
    }

    public IEnumerable<string> Documents => _documents.Keys;

    public string? SourceLink => Find(EntityHandle.ModuleDefinition, SourceLinkKind) is { } link ? Encoding.UTF8.GetString(link) : null;

    /// <summary>Whether the source is in the symbols themselves, so that a debugger needs no server.</summary>
    public bool HasSource(string document) => Find(_documents[document], EmbeddedSourceKind) is { Length: > 0 };

    public void Dispose() => _provider.Dispose();

    private byte[]? Find(EntityHandle owner, Guid kind) =>
        (from handle in _reader.GetCustomDebugInformation(owner)
         let information = _reader.GetCustomDebugInformation(handle)
         where _reader.GetGuid(information.Kind) == kind
         select _reader.GetBlobBytes(information.Value)).FirstOrDefault();
}
