using System.Text;
using JwksAuth.Foundation.Settings;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys.Reading;
using JwksAuth.OwnKeys.Material;
using Microsoft.Extensions.Logging;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>The result of loading the key ring: all keys, or none and the faults.</summary>
internal sealed record KeyRingLoad(IReadOnlyList<RingKey> Keys, IReadOnlyList<string> Faults);

/// <summary>Loads the keys of the key ring. One faulty key fails the load: nobody would notice a missing key until it is needed.</summary>
internal sealed class KeyRingLoader(ILogger logger)
{
    private static readonly TimeSpan LongestCacheDuration = TimeSpan.FromDays(1);

    private readonly PrivateKeyFiles _files = new(logger);

    public static IEnumerable<string> FilesOf(JwksKeyRingOptions options) => options.Keys
        .SelectMany(key => new[] { key.PemFile, key.PfxFile, key.JwkFile })
        .OfType<string>().Where(path => path.Length > 0).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal);

    public KeyRingLoad Load(JwksKeyRingOptions options)
    {
        var faults = new OptionFaults(JwksKeyRingOptions.SectionName);
        faults.AddRange(options.ConfigurationFaults.Select(fault => fault.Text));
        if (options.CacheDuration < TimeSpan.Zero || options.CacheDuration > LongestCacheDuration)
            faults.Add(nameof(options.CacheDuration), options.CacheDuration, "must be between 00:00:00 and 1.00:00:00");
        if (options.Keys.Count == 0)
            faults.Add(nameof(options.Keys), null, "is empty: add a key with Pem, PemFile, PfxFile, Jwk or JwkFile");

        var keys = new List<RingKey>();
        for (var index = 0; index < options.Keys.Count; index++)
        {
            var option = $"{nameof(options.Keys)}[{index}]";
            if (Read(options.Keys[index], option, faults) is not { } key)
                continue;
            if (keys.Any(other => other.KeyId == key.KeyId))
                faults.Add($"{option}.{nameof(JwksPrivateKey.KeyId)}", key.KeyId, "is also the kid of another key: give each key its own");
            keys.Add(key);
        }

        return faults.All.Count == 0 ? new KeyRingLoad(keys, []) : new KeyRingLoad([], faults.All);
    }

    private RingKey? Read(JwksPrivateKey options, string option, OptionFaults faults)
    {
        (string Name, string? Value, bool IsPath, Func<byte[], PrivateKeyReading> Read)[] containers =
        [
            (nameof(options.Pem), options.Pem, false, bytes => PemKeyReader.Read(Encoding.UTF8.GetString(bytes), options.Password)),
            (nameof(options.PemFile), options.PemFile, true, bytes => PemKeyReader.Read(Encoding.UTF8.GetString(bytes), options.Password)),
            (nameof(options.PfxFile), options.PfxFile, true, bytes => PrivateKeyReader.ReadPkcs12(bytes, options.Password)),
            (nameof(options.Jwk), options.Jwk, false, bytes => PrivateJwkReader.Read(Encoding.UTF8.GetString(bytes))),
            (nameof(options.JwkFile), options.JwkFile, true, bytes => PrivateJwkReader.Read(Encoding.UTF8.GetString(bytes))),
        ];
        if (containers.Where(container => !string.IsNullOrEmpty(container.Value)).ToList() is not [var (name, value, isPath, read)])
        {
            faults.Add(option, null, "must have exactly one of Pem, PemFile, PfxFile, Jwk and JwkFile");
            return null;
        }

        // A fault may show a path, but never a key.
        var reading = isPath ? _files.Read(value!, read) : read(Encoding.UTF8.GetBytes(value!));
        if (reading.Material is not { } material)
        {
            faults.Add($"{option}.{name}", isPath ? value : null, reading.Fault! + NameOf(options));
            return null;
        }

        return Describe(options, reading, material, option, faults);
    }

    private static RingKey? Describe(
        JwksPrivateKey options, PrivateKeyReading reading, PrivateMaterial material, string option, OptionFaults faults)
    {
        var use = FirstOf(options.Use, reading.Use) ?? "enc";
        var algorithm = FirstOf(options.Algorithm, reading.Algorithm);
        var keyId = FirstOf(options.KeyId, reading.KeyId) ?? material.Thumbprint;
        var before = faults.All.Count;
        if (use is not ("enc" or "sig"))
            faults.Add($"{option}.{nameof(options.Use)}", use, "is neither enc nor sig");
        if (algorithm is not null && !Fits(material, algorithm, use))
            faults.Add($"{option}.{nameof(options.Algorithm)}", algorithm,
                $"is not supported, or does not fit the key and its use ({use})");
        if (keyId.Length > JwkReader.MaximumKeyIdLength)
            faults.Add($"{option}.{nameof(options.KeyId)}", null, $"is longer than {JwkReader.MaximumKeyIdLength} characters");
        return faults.All.Count > before
            ? null
            : new RingKey(material, keyId, use == "enc", algorithm, options.Status == JwksPrivateKeyStatus.Active, reading.Certificates);
    }

    private static bool Fits(PrivateMaterial material, string algorithm, string use) => use == "sig"
        ? material.SignatureAlgorithms.Contains(algorithm)
        : KeyManagementAlgorithms.TryParse(algorithm, out var parsed) && material.Fits(parsed);

    private static string? FirstOf(string? configured, string? fallback) =>
        !string.IsNullOrEmpty(configured) ? configured : !string.IsNullOrEmpty(fallback) ? fallback : null;

    private static string NameOf(JwksPrivateKey options) => string.IsNullOrEmpty(options.KeyId) ? "" : $" (kid '{options.KeyId}')";
}
