using System.Text.Json;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Reads a JWK Set, and reads it again after a refresh: the same document must leave every key as it is.</summary>
internal sealed class KeySetReader : IFuzzedReader
{
    private const int LongestMessage = 2000;

    private readonly JwksReader _reader = new(new KeyReadingSettings(AcceptEmptySet: true), FixedTime.Instance);

    public ValueTask<bool> ReadAsync(byte[] input)
    {
        var reading = _reader.Read(input, null);
        FaultException.Unless(reading.Set is null != reading.Failure is null);
        FaultException.Unless(reading.Failure is null || reading.Error is { Length: > 0 and < LongestMessage } message && !message.Any(char.IsControl));
        if (reading.Set is not { } set)
            return new(false);

        FaultException.Unless(set.Keys.Count <= JwksReader.MaximumKeys);
        FaultException.Unless(set.Keys.Select(key => key.Identity).Distinct().Count() == set.Keys.Count);
        foreach (var key in set.Keys)
        {
            using var jwk = JsonDocument.Parse(key.Jwk!);
            KeyFacts.Assert(key, jwk.RootElement);
        }

        var again = _reader.Read(input, set);
        FaultException.Unless(again.Set!.Keys.SequenceEqual(set.Keys));
        FaultException.Unless(again.Skipped.SequenceEqual(reading.Skipped));
        foreach (var key in set.Keys)
            key.Release();
        return new(true);
    }
}
