using System.Diagnostics.CodeAnalysis;

namespace JwksAuth.Fuzzing;

/// <summary>Reads inputs from files: a corpus, the inputs that afl-fuzz keeps, or one that revealed a fault.</summary>
internal static class Replay
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a reader throws is a fault to report.")]
    public static int Run(IFuzzedReader reader, string[] paths)
    {
        var (read, taken) = (0, 0);
        foreach (var file in paths.SelectMany(FilesOf))
        {
            try
            {
                taken += FuzzedReaders.Read(reader, File.ReadAllBytes(file)) ? 1 : 0;
                read++;
            }
            catch (Exception exception)
            {
                Console.Error.WriteLine($"{file}: {exception}");
                return 1;
            }
        }

        Console.WriteLine($"{read} inputs read, {taken} of them taken");
        return 0;
    }

    private static IEnumerable<string> FilesOf(string path) => Directory.Exists(path) ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal) : [path];
}
