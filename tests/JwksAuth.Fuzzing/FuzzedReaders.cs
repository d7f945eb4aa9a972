using JwksAuth.Fuzzing.Readers;

namespace JwksAuth.Fuzzing;

/// <summary>The readers by name: each has a folder of that name under <c>Corpus</c>.</summary>
internal static class FuzzedReaders
{
    private static readonly Dictionary<string, Func<IFuzzedReader>> All = new()
    {
        ["token"] = () => new TokenReader(),
        ["header"] = () => new HeaderReader(),
        ["claims"] = () => new ClaimsReader(),
        ["jwk"] = () => new SingleJwkReader(),
        ["jwks"] = () => new KeySetReader(),
        ["jwe"] = () => new EncryptedTokenReader(),
        ["dpop"] = () => new ProofReader(),
        ["introspection"] = () => new PlainAnswerReader(),
        ["signed-introspection"] = () => new SignedAnswerReader(),
        ["metadata"] = () => new MetadataReader(),
        ["logout"] = () => new LogoutTokenReader(),
        ["client-assertion"] = () => new ClientAssertionReader(),
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static IFuzzedReader Create(string name) => All[name]();

    /// <summary>Reads one input to the end. No reader waits for anything, because its keys are in memory.</summary>
    public static bool Read(IFuzzedReader reader, byte[] input)
    {
        var reading = reader.ReadAsync(input);
        return reading.IsCompleted ? reading.GetAwaiter().GetResult() : throw new FaultException("The reader waits for something");
    }
}
