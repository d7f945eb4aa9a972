namespace JwksAuth.Fuzzing;

/// <summary>A reader of text that a stranger wrote, with what must hold for every text.</summary>
internal interface IFuzzedReader
{
    /// <summary>Reads one input. Whatever is thrown is a fault of the reader.</summary>
    /// <returns>Whether the reader took it.</returns>
    ValueTask<bool> ReadAsync(byte[] input);
}
