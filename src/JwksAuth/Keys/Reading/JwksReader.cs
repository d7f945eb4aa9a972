using System.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Keys.Reading;

/// <summary>A key set or the reason for a failure, and the skipped keys.</summary>
internal sealed record JwksReading(KeySet? Set, FetchFailure? Failure, string? Error, IReadOnlyList<SkippedKey> Skipped);

/// <summary>Reads a JWK Set (RFC 7517 section 5). Rejects a malformed set, but skips unusable keys in it.</summary>
internal sealed class JwksReader(KeyReadingSettings settings, TimeProvider time)
{
    public const int MaximumKeys = 100;

    private const string PemRemedy = " Use the address of the issuer's JWKS, or set the keys as SigningKeys.";

    private readonly JwkReader _jwks = new(settings, time);

    /// <param name="reusable">The previous set, whose unchanged keys keep their objects; null if there is none.</param>
    public JwksReading Read(ReadOnlyMemory<byte> body, KeySet? reusable)
    {
        // Each key is checked for duplicate members separately, so that one malformed key does not affect the others.
        using var json = JsonText.TryParseObject(body, allowDuplicates: true);
        if (json is null)
            return Failed(FetchFailure.NotJson,
                $"The JWKS {JsonFault.Of(body)}.{(IsPem(Encoding.UTF8.GetString(body.Span)) ? PemRemedy : "")}");
        if (json.RootElement.MemberOrNull("keys") is not { ValueKind: JsonValueKind.Array } keys)
            return Failed(FetchFailure.NoKeys, IsMapOfPem(json.RootElement)
                ? "The document maps key identifiers to PEM and has no keys array." + PemRemedy
                : "The JWKS has no keys array.");
        if (keys.GetArrayLength() > MaximumKeys)
            return Failed(FetchFailure.TooManyKeys, $"The JWKS has {keys.GetArrayLength()} keys; the maximum is {MaximumKeys}.");

        var skipped = new List<SkippedKey>();
        var usable = ReadAll(keys, reusable, skipped);
        var isEmptyOnPurpose = settings.AcceptEmptySet && keys.GetArrayLength() == 0;
        return usable.Count > 0 || isEmptyOnPurpose
            ? new JwksReading(new KeySet(usable), null, null, skipped)
            : Failed(FetchFailure.NoUsableKey, "The JWKS has no key that can verify a signature.") with { Skipped = skipped };
    }

    private List<VerificationKey> ReadAll(JsonElement keys, KeySet? reusable, List<SkippedKey> skipped)
    {
        var known = (reusable ?? KeySet.Empty).Keys.ToDictionary(key => key.Identity, StringComparer.Ordinal);
        var usable = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        foreach (var element in keys.EnumerateArray())
        {
            var reading = _jwks.Read(element);
            if (reading.Key is { } key)
                usable.TryAdd(key.Identity, Unchanged(known, key) ?? key); // an exact duplicate counts once
            else
                skipped.Add(new SkippedKey(element.StringOrNull("kid"), reading.Reason!.Value));
        }

        return [.. usable.Values];
    }

    // An issuer may change other members of a JWK, such as the certificate, and keep the key.
    private static VerificationKey? Unchanged(Dictionary<string, VerificationKey> known, VerificationKey key) =>
        known.TryGetValue(key.Identity, out var before) && SaysTheSame(before.Jwk!, key.Jwk!) ? before : null;

    private static bool SaysTheSame(byte[] one, byte[] other)
    {
        if (one.AsSpan().SequenceEqual(other))
            return true;
        using var before = JsonDocument.Parse(one);
        using var now = JsonDocument.Parse(other);
        try
        {
            return JsonElement.DeepEquals(before.RootElement, now.RootElement);
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON but not text, and cannot be compared.
            return false;
        }
    }

    // The format of Google's v1 address, Firebase and load balancers.
    private static bool IsMapOfPem(JsonElement document) => document.EnumerateObject().Any(member => IsPem(member.Value.TextOrNull()));

    private static bool IsPem(string? text) => text?.TrimStart().StartsWith("-----BEGIN", StringComparison.Ordinal) == true;

    private static JwksReading Failed(FetchFailure failure, string error) => new(null, failure, error, []);
}
