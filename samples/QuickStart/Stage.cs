using System.Net;

namespace QuickStart;

/// <summary>Prints the story, 80 columns wide, and checks each sentence against what happened.</summary>
internal sealed class Stage(TextWriter output)
{
    private const int ValueColumn = 58;

    private int _chapter;

    /// <summary>Whether everything so far came out as told.</summary>
    public bool IsAsTold { get; private set; } = true;

    public void Say(string sentence) => output.WriteLine(sentence);

    public void Chapter(string title) => output.WriteLine($"\n{++_chapter}. {title}");

    public void Expect(string sentence, HttpStatusCode expected, HttpStatusCode actual) =>
        Expect(sentence, $"{(int)expected} {expected}", $"{(int)actual} {actual}");

    /// <summary>Prints what happened beside what was promised.</summary>
    public void Expect<T>(string sentence, T expected, T actual)
    {
        var isAsTold = Equals(expected, actual);
        IsAsTold &= isAsTold;
        output.Write($"   {sentence} ".PadRight(ValueColumn, '.'));
        output.WriteLine(isAsTold ? $" {actual}" : $" {actual}  <- EXPECTED {expected}");
    }

    /// <summary>Starts a line that grows while the reader waits.</summary>
    public void BeginWait(string sentence) => output.Write($"   ({sentence} ");

    public void Tick() => output.Write('.');

    public void EndWait() => output.WriteLine(')');

    public void Conclude() => output.WriteLine(IsAsTold
        ? "\nEverything came out as told."
        : "\nNOT everything came out as told: see the lines marked EXPECTED.");
}
