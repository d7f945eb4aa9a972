using JwksAuth.Fuzzing;
using SharpFuzz;

// --list                      names the readers
// <reader> --replay <file>... reads files, and folders of files, up to the first that reveals a fault
// <reader> <corpus>           reads what afl-fuzz sends, after the files of the corpus
switch (args)
{
    case ["--list"]:
        Console.WriteLine(string.Join('\n', FuzzedReaders.Names));
        return 0;
    case [var name, "--replay", .. var paths] when FuzzedReaders.Names.Contains(name):
        return Replay.Run(FuzzedReaders.Create(name), paths);
    case [var name, var corpus] when FuzzedReaders.Names.Contains(name):
        Listen(name, corpus);
        return 0;
    default:
        Console.Error.WriteLine($"Usage: --list, or one of {string.Join(", ", FuzzedReaders.Names)} and then the folder of its corpus, or --replay and files.");
        return 1;
}

// Instrumented code may run only after afl-fuzz has connected, and SharpFuzz does not count the first run. The first run therefore reads the whole corpus, so
// that work that is done only once, such as compiling options, does not look like coverage of some input.
static void Listen(string name, string corpus)
{
    IFuzzedReader? reader = null;
    Fuzzer.Run(stream =>
    {
        if (reader is null)
        {
            reader = FuzzedReaders.Create(name);
            Replay.Run(reader, [corpus]);
        }

        using var input = new MemoryStream();
        stream.CopyTo(input);
        FuzzedReaders.Read(reader, input.ToArray());
    });
}
