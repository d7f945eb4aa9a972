using System.Text.Json;
using System.Text.Json.Serialization;

namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>The file that says which keys count, and in which state they are. There is no secret in it.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Version">Counts the changes.</param>
/// <param name="MaximumAge">How long readers may keep the published set.</param>
/// <param name="TokenLifetime">The longest lifetime of a token.</param>
/// <param name="Keys">The keys, oldest first.</param>
internal sealed record Manifest(int Format, long Version, TimeSpan MaximumAge, TimeSpan TokenLifetime, IReadOnlyList<ManifestKey> Keys)
{
    private const int CurrentFormat = 1;

    /// <summary>Key files that the next manifest deletes unless it names them: those of keys that are gone, and those that are being written. Null for none.</summary>
    public IReadOnlyList<string>? Dropped { get; init; }

    public static Manifest Of(JwksStoredKeys keys, IReadOnlyList<ManifestKey> entries) =>
        new(CurrentFormat, keys.Version, keys.MaximumAge, keys.TokenLifetime, entries);

    /// <param name="bytes">The content; empty if there is no file.</param>
    /// <param name="path">Where it is, for the operator.</param>
    /// <exception cref="JwksKeyStoreException">It cannot be understood.</exception>
    public static Manifest Read(byte[] bytes, string path)
    {
        if (bytes.Length == 0)
            return Of(JwksStoredKeys.Empty, []);

        try
        {
            var manifest = JsonSerializer.Deserialize(bytes, ManifestJson.Default.Manifest);
            if (manifest is { Format: CurrentFormat, Keys: not null } && manifest.Keys.All(key => key is { IsSound: true })
                && manifest.Keys.DistinctBy(key => key.KeyId, StringComparer.Ordinal).Count() == manifest.Keys.Count)
                return manifest;
        }
        catch (JsonException exception)
        {
            throw new JwksKeyStoreException($"The manifest '{path}' is not readable JSON: restore it from a backup.", exception);
        }

        throw new JwksKeyStoreException($"The manifest '{path}' is of another format, or names a key that cannot be: restore it from a backup.");
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.Manifest);

    public JwksStoredKeys ToKeys(IReadOnlyList<JwksStoredKey> keys) =>
        new() { Version = Version, MaximumAge = MaximumAge, TokenLifetime = TokenLifetime, Keys = keys };
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
