namespace JwksAuth.Fuzzing;

/// <summary>A reader of untrusted text, with the rules that must hold for every text.</summary>
internal interface IFuzzedReader
{
    /// <summary>Reads one input. Any exception is a fault of the reader.</summary>
    /// <returns>Whether the reader accepted it.</returns>
    ValueTask<bool> ReadAsync(byte[] input);
}
