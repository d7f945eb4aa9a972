using JwksAuth.Fuzzing;
using JwksAuth.Tests.Architecture;

namespace JwksAuth.Tests.Fuzz;

/// <summary>
/// Every test run reads the corpora that <c>eng/fuzz.sh</c> starts from, and checks the rules for any input. An input that once revealed a fault belongs to the corpus of
/// its reader.
/// </summary>
public class FuzzedReaderTests
{
    private static readonly string Corpora = Path.Combine(SourceTree.Root, "tests", "JwksAuth.Fuzzing", "Corpus");

    public static TheoryData<string> Names => [.. FuzzedReaders.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_reader_has_no_fault_with_its_corpus_and_accepts_part_of_it(string name)
    {
        var reader = FuzzedReaders.Create(name);
        var taken = Directory.GetFiles(Path.Combine(Corpora, name)).Count(file => FuzzedReaders.Read(reader, File.ReadAllBytes(file)));

        Assert.NotEqual(0, taken);
    }

    [Fact]
    public void Every_corpus_belongs_to_a_reader() =>
        Assert.Equal(FuzzedReaders.Names.Order(StringComparer.Ordinal), Directory.GetDirectories(Corpora).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
}
