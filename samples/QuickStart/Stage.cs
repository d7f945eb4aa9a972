using System.Net;

namespace QuickStart;

/// <summary>Prints the story, 80 columns wide, and compares each sentence with the result.</summary>
internal sealed class Stage(TextWriter output)
{
    private const int ValueColumn = 58;

    private int _chapter;

    /// <summary>Whether everything so far behaved as described.</summary>
    public bool IsAsTold { get; private set; } = true;

    public void Say(string sentence) => output.WriteLine(sentence);

    public void Chapter(string title) => output.WriteLine($"\n{++_chapter}. {title}");

    public void Expect(string sentence, HttpStatusCode expected, HttpStatusCode actual) =>
        Expect(sentence, $"{(int)expected} {expected}", $"{(int)actual} {actual}");

    /// <summary>Prints the result, and the expected one if they differ.</summary>
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
        ? "\nEverything behaved as described."
        : "\nSomething behaved differently: see the lines marked EXPECTED.");
}
