using System.Text.Json;
using System.Text.Json.Serialization;

namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>The file that lists the valid keys and their states. It contains no secrets.</summary>
internal sealed record Manifest(int Format, long Version, TimeSpan MaximumAge, TimeSpan TokenLifetime, IReadOnlyList<ManifestKey> Keys)
{
    private const int CurrentFormat = 1;

    /// <summary>Key files to delete, unless the next manifest names them: removed keys, and keys being written. Null for none.</summary>
    public IReadOnlyList<string>? Dropped { get; init; }

    public static Manifest Of(JwksStoredKeys keys, IReadOnlyList<ManifestKey> entries) =>
        new(CurrentFormat, keys.Version, keys.MaximumAge, keys.TokenLifetime, entries);

    /// <param name="bytes">The content; empty if there is no file.</param>
    /// <exception cref="JwksKeyStoreException">The content is invalid.</exception>
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

        throw new JwksKeyStoreException(
            $"The manifest '{path}' has an unknown format or contains an invalid key: restore it from a backup.");
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
