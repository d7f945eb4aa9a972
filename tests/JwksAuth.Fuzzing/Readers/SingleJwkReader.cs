using JwksAuth.Foundation.Json;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Reads a key as an issuer publishes it, and as a DPoP proof contains it: a key that the strict reader accepts is the same key for the other.</summary>
internal sealed class SingleJwkReader : IFuzzedReader
{
    private readonly JwkReader _published = new(new KeyReadingSettings(), FixedTime.Instance);
    private readonly JwkReader _selective = new(new KeyReadingSettings(RequireUse: true), FixedTime.Instance);
    private readonly JwkReader _inToken = new(new KeyReadingSettings(), FixedTime.Instance, isInToken: true);

    public ValueTask<bool> ReadAsync(byte[] input)
    {
        using var document = JsonText.TryParseObject(input, allowDuplicates: true);
        if (document is null)
            return new(false);

        var published = _published.Read(document.RootElement);
        var selective = _selective.Read(document.RootElement);
        var inToken = _inToken.Read(document.RootElement);
        FaultException.Unless(published.Key is null != published.Reason is null);
        FaultException.Unless(inToken.Key is null || published.Key?.Identity.StartsWith(inToken.Key.Identity, StringComparison.Ordinal) == true);
        FaultException.Unless(selective.Key is null || published.Key?.Identity == selective.Key.Identity);
        if (published.Key is { } key)
            KeyFacts.Assert(key, document.RootElement);
        inToken.Key?.Release();
        selective.Key?.Release();
        published.Key?.Release();
        return new(published.Key is not null);
    }
}
